package org.hourtap.card.testing;

import static org.hourtap.card.testing.CardCrypto.bytes;
import static org.hourtap.card.testing.CardCrypto.join;
import static org.hourtap.card.testing.CardCrypto.lowFirst;

/// The TransactionMAC file: how many transactions there were, and the MAC over the last one.
final class CounterFile extends CardFile {
    private static final int AES = 0x02;

    private final byte[] key;
    private final int version;
    private long counter;
    private byte[] mac = new byte[8];

    CounterFile(Comm comm, int rights, byte[] key, int version) {
        super(comm, rights);
        this.key = key.clone();
        this.version = version;
    }

    long counter() {
        return counter;
    }

    /// Counter and MAC, 12 bytes.
    byte[] content() {
        return join(lowFirst(counter, 4), mac);
    }

    /// One more transaction, over all that was read and written in it.
    void count(byte[] uid, byte[] input) {
        counter++;
        mac = CardCrypto.transactionMac(key, lowFirst(counter, 4), uid, input);
    }

    @Override
    int type() {
        return 5;
    }

    @Override
    byte[] details() {
        return bytes(AES, version);
    }

    @Override
    boolean isPending() {
        return false;
    }

    @Override
    void commit() {
        // counted by the application, which knows what was done
    }

    @Override
    void rollBack() {
        // nothing of it is ever pending
    }

    @Override
    CardFile copy() {
        CounterFile copy = new CounterFile(comm, rights, key, version);
        copy.counter = counter;
        copy.mac = mac.clone();
        return copy;
    }
}
