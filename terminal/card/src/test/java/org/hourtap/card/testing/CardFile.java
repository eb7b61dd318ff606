package org.hourtap.card.testing;

import static org.hourtap.card.testing.CardCrypto.bytes;
import static org.hourtap.card.testing.CardCrypto.join;
import static org.hourtap.card.testing.CardCrypto.lowFirst;

/// A file of an application. What a transaction changed is kept apart until it is committed.
abstract sealed class CardFile permits DataFile, ValueFile, RecordFile, CounterFile {
    final Comm comm;
    final int rights;

    CardFile(Comm comm, int rights) {
        this.comm = comm;
        this.rights = rights;
    }

    /// The file's type as GetFileSettings has it.
    abstract int type();

    /// What GetFileSettings adds for this type.
    abstract byte[] details();

    abstract boolean isPending();

    abstract void commit();

    abstract void rollBack();

    abstract CardFile copy();

    final byte[] settings() {
        return join(bytes(type(), comm.code), lowFirst(rights, 2), details());
    }
}
