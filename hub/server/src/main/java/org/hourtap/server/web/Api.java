package org.hourtap.server.web;

import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Supplier;
import org.hourtap.contract.BookId;
import org.hourtap.server.backup.CopyState;
import org.hourtap.server.books.Bookkeeper;
import org.hourtap.server.books.Reading;
import org.hourtap.server.books.RefusedException;
import org.hourtap.server.books.UnavailableException;
import org.hourtap.server.desk.TerminalDesk;
import org.hourtap.server.fleet.Admitted;
import org.hourtap.server.fleet.Enrolment;
import org.jspecify.annotations.Nullable;

/// What the routes ask.
///
/// @param book the one book this hub holds
/// @param cutOff ends a terminal's connection to the broker
/// @param copy how the continuous copy stands
public record Api(
        BookId book,
        Bookkeeper bookkeeper,
        Reading reading,
        TerminalDesk desk,
        Enrolment enrolment,
        Admitted admitted,
        CutOff cutOff,
        Supplier<CopyState> copy) {
    /// Longer than any commit on a sound disk; whoever waits this long is told to try again.
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /// Ends a terminal's connection.
    @FunctionalInterface
    public interface CutOff {
        void disconnect(org.hourtap.contract.TerminalId terminal);
    }

    <T extends @Nullable Object> T write(Bookkeeper.Command<T> command)
            throws RefusedException, UnavailableException, InterruptedException {
        return bookkeeper.ask(command, PATIENCE);
    }

    <T> T read(Reading.Query<T, SQLException> query)
            throws UnavailableException, SQLException, InterruptedException {
        return reading.<T, SQLException>read(query);
    }
}
