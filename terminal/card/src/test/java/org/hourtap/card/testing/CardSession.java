package org.hourtap.card.testing;

import org.jspecify.annotations.Nullable;

/// The card's side of a session after authentication.
sealed interface CardSession permits Ev1Session, Ev2Session {
    /// How many bytes follow a command's header when `dataLength` bytes of data are sent this way.
    int wireLength(Comm comm, int dataLength);

    /// The data of a command, or null if it is not properly protected.
    byte @Nullable [] open(int instruction, Comm comm, byte[] header, byte[] wire, int dataLength);

    /// The wire bytes of an answer that succeeds.
    byte[] seal(Comm comm, byte[] answer);

    /// ChangeKey has a shape of its own in EV1: two checksums.
    int keyWireLength(boolean own);

    byte @Nullable [] openKey(int instruction, byte[] header, byte[] wire, boolean own);
}
