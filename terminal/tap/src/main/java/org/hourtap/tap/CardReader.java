package org.hourtap.tap;

import java.time.Duration;
import java.util.Optional;
import org.hourtap.card.CardChannel;

/// Port: where cards come from. Confined to the reader thread.
public interface CardReader extends AutoCloseable {
    /// Waits for a card to enter the field.
    ///
    /// @return a channel valid until [#release], or empty if none came in time
    /// @throws ReaderException if there is no reader to wait at; calling again tries afresh
    Optional<CardChannel> awaitCard(Duration timeout) throws ReaderException, InterruptedException;

    /// Lets go of the card and waits until it has left, so that one presentation is one tap.
    ///
    /// @return false if it is still there after the timeout; call again
    boolean release(Duration timeout) throws ReaderException, InterruptedException;

    @Override
    void close();
}
