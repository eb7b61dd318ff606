package org.hourtap.card.testing;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Bytes, with or without a backup: without, what is written is there at once.
final class DataFile extends CardFile {
    private final boolean backup;
    private byte[] content;
    private byte @Nullable [] written;

    DataFile(Comm comm, int rights, boolean backup, int size) {
        this(comm, rights, backup, new byte[size]);
    }

    private DataFile(Comm comm, int rights, boolean backup, byte[] content) {
        super(comm, rights);
        this.backup = backup;
        this.content = content;
    }

    byte[] content() {
        return content.clone();
    }

    void write(int offset, byte[] data) throws Refusal {
        if (offset + data.length > content.length) {
            throw new Refusal(Status.BOUNDARY);
        }
        byte[] target = written == null ? content.clone() : written;
        System.arraycopy(data, 0, target, offset, data.length);
        if (backup) {
            written = target;
        } else {
            content = target;
        }
    }

    @Override
    int type() {
        return backup ? 1 : 0;
    }

    @Override
    byte[] details() {
        return CardCrypto.lowFirst(content.length, 3);
    }

    @Override
    boolean isPending() {
        return written != null;
    }

    @Override
    void commit() {
        content = written == null ? content : written;
        written = null;
    }

    @Override
    void rollBack() {
        written = null;
    }

    @Override
    CardFile copy() {
        return new DataFile(comm, rights, backup, Arrays.copyOf(content, content.length));
    }
}
