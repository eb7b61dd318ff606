package org.hourtap.server.books;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.hourtap.contract.BookId;
import org.jspecify.annotations.Nullable;

/// One of the hubs that share the books of a database.
///
/// @param id the hub's own for as long as its data folder lives
/// @param run another one at each start
/// @param address where people reach it, for sentences
/// @param wanted the books it would write
public record Instance(String id, String run, String address, Wanted wanted) {
    /// Which books a hub would write.
    ///
    /// @param books absent for all there are
    public record Wanted(@Nullable Set<BookId> books) {
        private static final String ALL = "*";

        public Wanted {
            books = books == null ? null : Set.copyOf(books);
        }

        /// @param text `*`, or ids with commas between them
        /// @throws IllegalArgumentException if it is neither
        public static Wanted parse(String text) {
            return new Wanted(
                    text.equals(ALL)
                            ? null
                            : Arrays.stream(text.split(",", -1))
                                    .map(String::strip)
                                    .map(BookId::new)
                                    .collect(Collectors.toSet()));
        }

        /// @return these, whatever is there, and all that are there if all are wanted
        Set<BookId> named() {
            return books == null ? Set.of() : books;
        }

        boolean includes(BookId book) {
            return books == null || books.contains(book);
        }

        @Override
        public String toString() {
            return books == null
                    ? ALL
                    : books.stream().map(BookId::value).sorted().collect(Collectors.joining(","));
        }
    }
}
