package org.hourtap.server.web;

import io.javalin.http.Context;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.hourtap.contract.BookId;
import org.hourtap.server.backup.CopyState;
import org.hourtap.server.books.Bookkeeper;
import org.hourtap.server.books.Claims;
import org.hourtap.server.books.Reading;
import org.hourtap.server.books.RefusedException;
import org.hourtap.server.books.UnavailableException;
import org.hourtap.server.certificates.HeadKey;
import org.hourtap.server.desk.TerminalDesk;
import org.hourtap.server.fleet.Admitted;
import org.hourtap.server.fleet.Enrolment;
import org.jspecify.annotations.Nullable;

/// What the routes ask.
///
/// @param ownBook the book a request is about unless it names another with `?book=`
/// @param cutOff ends a terminal's connection to the broker
/// @param copy how the continuous copy stands
/// @param heads signs what day sheets say of the journal
public record Api(
        BookId ownBook,
        Bookkeeper bookkeeper,
        Reading reading,
        TerminalDesk desk,
        Enrolment enrolment,
        Admitted admitted,
        CutOff cutOff,
        Supplier<CopyState> copy,
        HeadKey heads) {
    /// Longer than any commit on a sound disk; whoever waits this long is told to try again.
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /// Ends a terminal's connection.
    @FunctionalInterface
    public interface CutOff {
        void disconnect(org.hourtap.contract.TerminalId terminal);
    }

    /// @return the book a request is about
    BookId book(Context context) {
        @Nullable String named = context.queryParam("book");
        return named == null ? ownBook : new BookId(named);
    }

    /// Writes in the book a request is about.
    ///
    /// @throws Problem if another hub writes that book, with its address if it is known
    <T extends @Nullable Object> T write(Context context, Bookkeeper.Command<T> command)
            throws RefusedException, UnavailableException, InterruptedException, Problem {
        BookId book = book(context);
        try {
            return bookkeeper.ask(book, command, PATIENCE);
        } catch (RefusedException e) {
            if (e.why() != RefusedException.Why.ELSEWHERE) {
                throw e;
            }
            throw new Problem(421, elsewhere(book));
        }
    }

    /// Writes what finds its book itself.
    <T extends @Nullable Object> T writeAny(Bookkeeper.Command<T> command)
            throws RefusedException, UnavailableException, InterruptedException {
        return bookkeeper.ask(command, PATIENCE);
    }

    <T> T read(Reading.Query<T, SQLException> query)
            throws UnavailableException, SQLException, InterruptedException {
        return reading.<T, SQLException>read(query);
    }

    private String elsewhere(BookId book) throws UnavailableException, InterruptedException {
        try {
            Optional<String> there = read(sql -> Claims.addressOf(sql, book));
            return there.map(address ->
                            "Book "
                                    + book
                                    + " is written by the hub at "
                                    + address
                                    + ". Ask that one; reading works here too.")
                    .orElse(
                            "No hub writes book "
                                    + book
                                    + " at the moment. If it exists, one does in a few seconds.");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
