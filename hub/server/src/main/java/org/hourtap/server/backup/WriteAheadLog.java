package org.hourtap.server.backup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads SQLite's write-ahead log beside its one writer: whole commits, in order, each page as it
/// was written. The format is fixed and published (sqlite.org/fileformat2, section 4): every frame
/// carries the log's two salts and a checksum over all frames before it, so that what is torn, or
/// left over from before the log began anew, is told from what is committed.
final class WriteAheadLog {
    private static final int HEADER_BYTES = 32;
    private static final int FRAME_HEADER_BYTES = 24;
    private static final int MAGIC = 0x377f0682;
    private static final int VERSION = 3_007_000;
    private static final int PAGE_BYTES_MAX = 65_536;

    private final Path file;

    WriteAheadLog(Path database) {
        this.file = database.resolveSibling(database.getFileName() + "-wal");
    }

    /// A place between two commits.
    ///
    /// @param salt1 grows by one each time the log begins anew
    /// @param offset where the next frame will be; 0 if the log has not begun yet
    /// @param sum1 checksum up to here, with `sum2`
    record Position(int salt1, int salt2, long offset, int sum1, int sum2) {
        /// @return the beginning of the log after this one
        Position next() {
            return new Position(salt1 + 1, 0, 0, 0, 0);
        }
    }

    /// What was committed since a position.
    ///
    /// @param end the position after it
    /// @param pageCount of the whole database then
    /// @param pages by number, each as the last of these commits left it
    record Commits(Position end, int pageBytes, int pageCount, Map<Integer, byte[]> pages) {}

    /// The log began anew, and what was in it was not all read: a copy cannot go on from there.
    static final class GapException extends Exception {
        private static final long serialVersionUID = 1L;

        GapException() {
            super("the log began anew before all of it was copied");
        }
    }

    /// @return bytes of log there are, also such as are left over
    long size() throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    /// @return the end of what is committed; absent if there is no log
    @Nullable Position end() throws IOException, GapException {
        if (size() < HEADER_BYTES) {
            return null;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            Header header = header(channel);
            if (header == null) {
                return null;
            }
            Position at = header.start();
            Scan scan = new Scan(channel, header, at);
            while (scan.commit(null)) {
                at = scan.position();
            }
            return at;
        }
    }

    /// Reads on from a position, whole commits only.
    ///
    /// @param bytesMax enough to stop after the commit that reaches it
    /// @return absent if nothing was committed since
    /// @throws GapException if the log is not the one of the position, nor the one right after it
    @Nullable Commits read(Position from, long bytesMax) throws IOException, GapException {
        if (size() < HEADER_BYTES) {
            if (from.offset() != 0) {
                throw new GapException();
            }
            return null;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            Header header = header(channel);
            if (header == null) {
                return null; // just being written
            }
            Position start = from;
            if (from.offset() == 0) {
                start = header.start();
            }
            if (header.salt1 != from.salt1()
                    || (from.offset() != 0 && header.salt2 != from.salt2())) {
                throw new GapException();
            }
            Scan scan = new Scan(channel, header, start);
            Map<Integer, byte[]> pages = new LinkedHashMap<>();
            while ((long) pages.size() * header.pageBytes < bytesMax && scan.commit(pages)) {
                // One commit more.
            }
            return scan.position().equals(start)
                    ? null
                    : new Commits(scan.position(), header.pageBytes, scan.pageCount, pages);
        }
    }

    private record Header(
            ByteOrder order, int pageBytes, int salt1, int salt2, int sum1, int sum2) {
        Position start() {
            return new Position(salt1, salt2, HEADER_BYTES, sum1, sum2);
        }
    }

    private static @Nullable Header header(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES);
        if (!fill(channel, bytes, 0)) {
            return null;
        }
        int magic = bytes.getInt(0);
        int pageBytes = bytes.getInt(8);
        if ((magic & ~1) != MAGIC
                || bytes.getInt(4) != VERSION
                || pageBytes < 512
                || pageBytes > PAGE_BYTES_MAX) {
            return null;
        }
        ByteOrder order = (magic & 1) == 1 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        long sum = sum(0, 0, bytes, 0, FRAME_HEADER_BYTES, order);
        if ((int) (sum >>> 32) != bytes.getInt(24) || (int) sum != bytes.getInt(28)) {
            return null;
        }
        return new Header(
                order,
                pageBytes,
                bytes.getInt(16),
                bytes.getInt(20),
                bytes.getInt(24),
                bytes.getInt(28));
    }

    private static boolean fill(FileChannel channel, ByteBuffer bytes, long from)
            throws IOException {
        bytes.clear();
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, from + bytes.position()) < 0) {
                return false;
            }
        }
        return true;
    }

    /// SQLite's checksum over words of four bytes.
    ///
    /// @return the two sums, the first one in the upper half
    private static long sum(
            int sum1, int sum2, ByteBuffer bytes, int from, int count, ByteOrder order) {
        ByteBuffer words = bytes.duplicate().order(order);
        int one = sum1;
        int two = sum2;
        for (int at = from; at < from + count; at += 8) {
            one += words.getInt(at) + two;
            two += words.getInt(at + 4) + one;
        }
        return ((long) one << 32) | (two & 0xffff_ffffL);
    }

    /// Goes on from commit to commit.
    private static final class Scan {
        private final FileChannel channel;
        private final Header header;
        private final ByteBuffer frame;
        private Position at;
        private int pageCount;

        Scan(FileChannel channel, Header header, Position from) {
            this.channel = channel;
            this.header = header;
            this.at = from;
            this.frame = ByteBuffer.allocate(FRAME_HEADER_BYTES + header.pageBytes);
        }

        /// After the last whole commit.
        Position position() {
            return at;
        }

        /// Reads one commit.
        ///
        /// @param into takes its pages, absent to skip them
        /// @return whether there was a whole one
        boolean commit(@Nullable Map<Integer, byte[]> into) throws IOException {
            Map<Integer, byte[]> pages = new LinkedHashMap<>();
            long offset = at.offset();
            int sum1 = at.sum1();
            int sum2 = at.sum2();
            while (fill(channel, frame, offset)
                    && frame.getInt(8) == header.salt1
                    && frame.getInt(12) == header.salt2) {
                long head = sum(sum1, sum2, frame, 0, 8, header.order);
                long sum =
                        sum(
                                (int) (head >>> 32),
                                (int) head,
                                frame,
                                FRAME_HEADER_BYTES,
                                header.pageBytes,
                                header.order);
                sum1 = (int) (sum >>> 32);
                sum2 = (int) sum;
                if (sum1 != frame.getInt(16) || sum2 != frame.getInt(20)) {
                    return false;
                }
                if (into != null) {
                    byte[] page = new byte[header.pageBytes];
                    frame.get(FRAME_HEADER_BYTES, page);
                    pages.put(frame.getInt(0), page);
                }
                offset += frame.capacity();
                int size = frame.getInt(4);
                if (size != 0) {
                    at = new Position(header.salt1, header.salt2, offset, sum1, sum2);
                    pageCount = size;
                    if (into != null) {
                        into.putAll(pages);
                    }
                    return true;
                }
            }
            return false;
        }
    }
}
