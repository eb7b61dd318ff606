package org.hourtap.server.backup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The changes after a snapshot, beside it in one file that only grows. It is opened for each
/// record: a disk that was taken away and put back is simply there again.
final class ChangeLog {
    static final String FILE = "changes.log";

    private Path folder;
    private byte[] last;
    private long records;
    private long length;

    /// The file is no longer what was written to it; the copy has to be begun anew.
    static final class LostException extends Exception {
        private static final long serialVersionUID = 1L;

        LostException(String message) {
            super(message);
        }
    }

    /// How far the records of a log go.
    ///
    /// @param upToMicros when the last whole one was copied; 0 if there is none
    /// @param leftOver bytes after it that are no whole record: torn, or damaged
    record Extent(long records, long upToMicros, long leftOver) {}

    /// Takes a record.
    @FunctionalInterface
    interface Each {
        void take(ChangeSet change) throws IOException;
    }

    private ChangeLog(Path folder, String name) {
        this.folder = folder;
        this.last = first(name);
    }

    /// @param name of the snapshot these changes will belong to
    static ChangeLog begin(Path folder, String name) throws IOException {
        DurableFiles.create(folder.resolve(FILE)).close();
        return new ChangeLog(folder, name);
    }

    /// The folder was given another name.
    void movedTo(Path newFolder) {
        folder = newFolder;
    }

    Path folder() {
        return folder;
    }

    long length() {
        return length;
    }

    /// Writes one record, whole and on disk, or throws; then it may be tried again.
    void append(long nowMicros, WriteAheadLog.Commits commits) throws IOException, LostException {
        ChangeSet change =
                new ChangeSet(
                        records + 1,
                        nowMicros,
                        commits.pageBytes(),
                        commits.pageCount(),
                        commits.pages());
        ChangeSet.Encoded record = change.encode(last);
        try (FileChannel out = FileChannel.open(folder.resolve(FILE), StandardOpenOption.WRITE)) {
            if (out.size() < length) {
                throw new LostException(
                        folder.resolve(FILE) + " is shorter than what was written to it");
            }
            // What an attempt before this one left.
            out.truncate(length);
            out.position(length);
            DurableFiles.writeAll(out, ByteBuffer.wrap(record.bytes()));
            out.force(true);
        }
        records++;
        length += record.bytes().length;
        last = record.hash();
    }

    /// Reads all whole records, in order, up to the first that is none.
    static Extent read(Path folder, String name, Each each) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return new Extent(0, 0, 0);
        }
        byte[] previous = first(name);
        long number = 0;
        long upTo = 0;
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            long at = 0;
            while (true) {
                ChangeSet.Header header;
                byte[] head = next(in, ChangeSet.HEADER_BYTES);
                if (head.length == 0) {
                    return new Extent(number, upTo, in.size() - at);
                }
                try {
                    header = ChangeSet.header(ByteBuffer.wrap(head));
                } catch (IOException e) {
                    return new Extent(number, upTo, in.size() - at);
                }
                byte[] packed = next(in, header.packedBytes());
                byte[] hash = next(in, ChangeSet.HASH_BYTES);
                if (packed.length < header.packedBytes()
                        || header.number() != number + 1
                        || !java.util.Arrays.equals(hash, ChangeSet.hash(previous, head, packed))) {
                    return new Extent(number, upTo, in.size() - at);
                }
                each.take(ChangeSet.decode(header, packed));
                number++;
                upTo = header.copiedMicros();
                previous = hash;
                at = in.position();
            }
        }
    }

    /// @return so many bytes, or none if there are not so many left
    private static byte[] next(FileChannel in, int count) throws IOException {
        if (in.size() - in.position() < count) {
            return new byte[0];
        }
        ByteBuffer bytes = ByteBuffer.allocate(count);
        while (bytes.hasRemaining()) {
            if (in.read(bytes) < 0) {
                return new byte[0];
            }
        }
        return bytes.array();
    }

    private static byte[] first(String name) {
        return DurableFiles.sha256().digest(name.getBytes(StandardCharsets.UTF_8));
    }
}
