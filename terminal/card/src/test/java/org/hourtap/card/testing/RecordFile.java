package org.hourtap.card.testing;

import static org.hourtap.card.testing.CardCrypto.join;
import static org.hourtap.card.testing.CardCrypto.lowFirst;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A cyclic record file: of `created` records one is the card's own, to write the next into, so it
/// keeps one fewer; the oldest goes when a new one comes.
final class RecordFile extends CardFile {
    private final int recordLength;
    private final int created;
    private final List<byte[]> records = new ArrayList<>();
    private byte @Nullable [] written;
    private boolean cleared;

    RecordFile(Comm comm, int rights, int recordLength, int created) {
        super(comm, rights);
        this.recordLength = recordLength;
        this.created = created;
    }

    /// One record a transaction: writing again goes into the same one.
    void write(int offset, byte[] data) throws Refusal {
        if (offset + data.length > recordLength) {
            throw new Refusal(Status.BOUNDARY);
        }
        if (cleared) {
            throw new Refusal(Status.DENIED);
        }
        byte[] target = written == null ? new byte[recordLength] : written;
        System.arraycopy(data, 0, target, offset, data.length);
        written = target;
    }

    /// Counted back from the newest, which is number 0, and given oldest first; `count` 0 means all
    /// the older ones.
    byte[] read(int newest, int count) throws Refusal {
        int end = records.size() - newest;
        int start = count == 0 ? 0 : end - count;
        if (end <= 0 || start < 0) {
            throw new Refusal(Status.BOUNDARY);
        }
        return join(records.subList(start, end).toArray(byte[][]::new));
    }

    /// Oldest first, as committed.
    List<byte[]> records() {
        return records.stream().map(byte[]::clone).toList();
    }

    void clear() {
        written = null;
        cleared = true;
    }

    @Override
    int type() {
        return 4;
    }

    @Override
    byte[] details() {
        return join(lowFirst(recordLength, 3), lowFirst(created, 3), lowFirst(records.size(), 3));
    }

    @Override
    boolean isPending() {
        return written != null || cleared;
    }

    @Override
    void commit() {
        if (cleared) {
            records.clear();
        }
        if (written != null) {
            records.add(written);
        }
        if (records.size() >= created) {
            records.removeFirst();
        }
        rollBack();
    }

    @Override
    void rollBack() {
        written = null;
        cleared = false;
    }

    @Override
    CardFile copy() {
        RecordFile copy = new RecordFile(comm, rights, recordLength, created);
        copy.records.addAll(records());
        return copy;
    }
}
