package org.hourtap.server.books;

import java.sql.SQLException;
import java.util.Optional;
import org.hourtap.contract.BookId;

/// How a hub among several takes books and says that it lives: what is written, in commands of the
/// bookkeeper.
public final class Claims {
    private final BookId own;
    private final String ownName;
    private final Begin begin;

    /// What else is written when a book is taken.
    @FunctionalInterface
    public interface Begin {
        void begin(Writing writing, BookId book) throws SQLException;
    }

    /// @param own the book that this hub opens if there is none, and names
    public Claims(BookId own, String ownName, Begin begin) {
        this.own = own;
        this.ownName = ownName;
        this.begin = begin;
    }

    /// @return where the hub that writes a book is reached; empty if none does, or none said so
    public static Optional<String> addressOf(Sql sql, BookId book) throws SQLException {
        return sql.one(
                "SELECT i.address FROM lease l JOIN instance i ON i.id = l.holder"
                        + " WHERE l.book_id = ?",
                row -> row.getString(1),
                book.value());
    }

    /// A start: whatever run of this hub there was before is over.
    boolean join(Writing writing, Instance me) throws SQLException {
        writing.sql()
                .update(
                        "INSERT INTO instance VALUES (?, ?, ?, ?, 1) ON CONFLICT (id) DO UPDATE"
                                + " SET run = excluded.run, address = excluded.address,"
                                + " wanted = excluded.wanted, beat = instance.beat + 1",
                        me.id(),
                        me.run(),
                        me.address(),
                        me.wanted().toString());
        return true;
    }

    /// @throws RefusedException if this hub has been started a second time
    boolean beat(Writing writing, Instance me) throws SQLException, RefusedException {
        int rows =
                writing.sql()
                        .update(
                                "INSERT INTO instance VALUES (?, ?, ?, ?, 1)"
                                        + " ON CONFLICT (id) DO UPDATE SET beat = instance.beat + 1"
                                        + " WHERE instance.run = excluded.run",
                                me.id(),
                                me.run(),
                                me.address(),
                                me.wanted().toString());
        if (rows != 1) {
            throw RefusedException.conflict(
                    "Another hub runs under this one's identity, "
                            + me.id()
                            + ": its data folder is a copy. This one takes no part any more. Stop"
                            + " it, delete the file instance.id in its data folder, and start it"
                            + " again.");
        }
        return true;
    }

    boolean leave(Writing writing, Instance me) throws SQLException {
        return writing.sql()
                        .update("DELETE FROM instance WHERE id = ? AND run = ?", me.id(), me.run())
                == 1;
    }

    boolean forget(Writing writing, String hub) throws SQLException {
        return writing.sql().update("DELETE FROM instance WHERE id = ?", hub) == 1;
    }

    /// Takes a book, and opens it if it is new.
    ///
    /// @return false if it is another's after all
    /// @throws RefusedException if this hub has been started a second time: then a lease in its
    ///   name is not its own
    boolean claim(Writing writing, BookId book, Leases.Seen seen, Instance me)
            throws SQLException, RefusedException {
        Books books = writing.books();
        if (books.holds(book)) {
            return true;
        }
        boolean _ = beat(writing, me);
        if (!books.leases().claim(book, seen, me.id())) {
            return false;
        }
        // From here on nobody else writes it, and what we remember of it is from another time.
        books.drop(book);
        boolean isOwn = book.equals(own);
        writing.sql()
                .update(
                        "INSERT INTO book (book_id, name) VALUES (?, ?) ON CONFLICT (book_id)"
                                + (isOwn ? " DO UPDATE SET name = excluded.name" : " DO NOTHING"),
                        book.value(),
                        isOwn ? ownName : book.value());
        books.openSingle(book);
        begin.begin(writing, book);
        return true;
    }

    boolean release(Writing writing, BookId book) throws SQLException {
        writing.books().leases().release(book);
        return true;
    }
}
