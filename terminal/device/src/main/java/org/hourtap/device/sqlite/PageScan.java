package org.hourtap.device.sqlite;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.hourtap.contract.Codec;
import org.hourtap.contract.MalformedMessageException;
import org.hourtap.contract.TapEvent;
import org.jspecify.annotations.Nullable;

/// Finds taps in a SQLite file that SQLite itself will not read any more. It looks at each page for
/// itself, so that damage to one page, or to the file's head, costs that page only.
///
/// ```
/// table leaf:  0D  freeblock(2)  cells(2)  content(2)  fragments(1)  pointers(2 each) … cells
/// cell:        payload length, row id (both varints), record
/// record:      header length, one type per column (all varints), then the columns
/// log (-wal):  header(32: magic, …, salt at 16), then frames: header(24: page, commit size, salt
///              at 8) and a page
/// ```
///
/// A tap is believed when its JSON decodes, the columns beside it say the same, and the row's seal
/// fits (files of the first version have none). Rows are looked for at every place of a page, so
/// that nothing hangs on its head and pointers; where a pointer leads to a row that does not fit,
/// it is tried whether one flipped bit explains that. Seals of two rows differ in more than two
/// bits if the rows differ in one, so what fits then is the row that was written.
final class PageScan {
    /// SQLite's default since 2016; we never set another.
    static final int PAGE = 4_096;

    private static final int LEAF = 0x0d;
    private static final int LOG_HEADER = 32;
    private static final int FRAME_HEADER = 24;
    private static final int SALT_LENGTH = 8;
    private static final int UNSEALED_COLUMNS = 11;
    private static final int COLUMNS = 12;
    private static final int SEAL_COLUMN = 11;
    private static final int ID_COLUMN = 1;
    private static final int KIND_COLUMN = 3;
    private static final int TEXT_COLUMN = 9;
    private static final int COUNTER_COLUMN = 10;

    /// A row of ours is never shorter: ids, clocks and the text's keys alone are more.
    private static final int ROW_MIN = 100;

    private final Finding finding;

    /// Told of each tap, possibly more than once.
    interface Finding {
        void found(Journal.Row row) throws IOException;

        /// A tap that had one bit flipped, as it was before.
        void mended(Journal.Row row) throws IOException;

        /// What is there cannot be believed.
        ///
        /// @param sequence as it is read now, like the others
        void unfit(long sequence, String kind, String text) throws IOException;
    }

    PageScan(Finding finding) {
        this.finding = finding;
    }

    void scan(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer page = ByteBuffer.allocate(PAGE);
            for (long at = 0; readAt(channel, page, at); at += PAGE) {
                page(page);
            }
        }
    }

    /// Frames after the last commit were never promised to anyone and are left alone, as are those
    /// of an earlier turn of the log, which carry another salt.
    void scanLog(Path log) throws IOException {
        if (!Files.exists(log) || Files.size(log) < LOG_HEADER + FRAME_HEADER + PAGE) {
            return;
        }
        try (FileChannel channel = FileChannel.open(log)) {
            byte[] salt = bytesAt(channel, 16, SALT_LENGTH);
            long frames = (channel.size() - LOG_HEADER) / (FRAME_HEADER + PAGE);
            ByteBuffer page = ByteBuffer.allocate(PAGE);
            long committed = committedFrames(channel, frames, salt);
            for (long frame = 0; frame < committed; frame++) {
                long at = LOG_HEADER + frame * (FRAME_HEADER + PAGE);
                if (isOfThisTurn(channel, at, salt) && readAt(channel, page, at + FRAME_HEADER)) {
                    page(page);
                }
            }
        }
    }

    private static long committedFrames(FileChannel log, long frames, byte[] salt)
            throws IOException {
        for (long frame = frames - 1; frame >= 0; frame--) {
            long at = LOG_HEADER + frame * (FRAME_HEADER + PAGE);
            boolean commits = ByteBuffer.wrap(bytesAt(log, at + 4, 4)).getInt() != 0;
            if (commits && isOfThisTurn(log, at, salt)) {
                return frame + 1;
            }
        }
        return 0;
    }

    private static boolean isOfThisTurn(FileChannel log, long frameAt, byte[] salt)
            throws IOException {
        return Arrays.equals(bytesAt(log, frameAt + 8, SALT_LENGTH), salt);
    }

    private void page(ByteBuffer page) throws IOException {
        Set<Integer> fit = new HashSet<>();
        for (int at = 0; at < PAGE - ROW_MIN; at++) {
            Journal.Row row = row(record(page.position(at)));
            if (row != null) {
                finding.found(row);
                fit.add(at);
            }
        }
        NavigableSet<Integer> cells = cells(page);
        for (int at : cells) {
            if (at < PAGE - ROW_MIN && !fit.contains(at)) {
                Integer next = cells.higher(at);
                mend(page, at, next == null ? PAGE : Math.min(next, PAGE));
            }
        }
    }

    private static NavigableSet<Integer> cells(ByteBuffer page) {
        NavigableSet<Integer> cells = new TreeSet<>();
        int count = page.get(0) == LEAF ? Math.min(u16(page, 3), (PAGE - 8) / 2) : 0;
        for (int cell = 0; cell < count; cell++) {
            cells.add(u16(page, 8 + 2 * cell));
        }
        return cells;
    }

    private void mend(ByteBuffer page, int at, int end) throws IOException {
        List<Object> columns = record(page.position(at));
        for (int bit = at * Byte.SIZE; bit < end * Byte.SIZE; bit++) {
            flip(page, bit);
            Journal.Row row = row(record(page.position(at)));
            flip(page, bit);
            if (row != null) {
                finding.mended(row);
                return;
            }
        }
        if (columns.size() == COLUMNS
                && columns.get(0) instanceof Long sequence
                && columns.get(KIND_COLUMN) instanceof String kind
                && columns.get(TEXT_COLUMN) instanceof String text) {
            finding.unfit(sequence, kind, text);
        }
    }

    private static void flip(ByteBuffer page, int bit) {
        int at = bit / Byte.SIZE;
        page.put(at, (byte) (page.get(at) ^ 1 << bit % Byte.SIZE));
    }

    private static Journal.@Nullable Row row(List<Object> columns) {
        boolean isSealed = columns.size() == COLUMNS;
        if (isSealed
                && !columns.get(SEAL_COLUMN).equals(Seal.of(columns.subList(0, SEAL_COLUMN)))) {
            return null;
        }
        return isSealed || columns.size() == UNSEALED_COLUMNS ? agreeing(columns) : null;
    }

    private static Journal.@Nullable Row agreeing(List<Object> columns) {
        if (!(columns.get(ID_COLUMN) instanceof byte[] id)
                || !(columns.get(KIND_COLUMN) instanceof String kind)
                || !(columns.get(TEXT_COLUMN) instanceof String text)
                || !(columns.get(COUNTER_COLUMN) instanceof Long counter)) {
            return null;
        }
        TapEvent event = decoded(text);
        if (event == null || !Arrays.equals(id, Journal.bytes(event.id().value()))) {
            return null;
        }
        boolean isInDoubt = kind.equals(Journal.DOUBT) && event.stamp() != null;
        boolean agrees =
                columns.get(0).equals(event.sequence())
                        && columns.get(2).equals(event.card().value())
                        && (isInDoubt || kind.equals(event.kind().name()))
                        && columns.get(4).equals(event.minutes().minutes())
                        && counter >= 0;
        return agrees ? new Journal.Row(event, kind, text, counter) : null;
    }

    /// @return the row id in place of the first column, then the others; empty when this is no
    ///   record, or one that reaches beyond its page
    private static List<Object> record(ByteBuffer in) {
        try {
            long length = varint(in);
            if (length < ROW_MIN || length > in.limit()) {
                return List.of();
            }
            Long rowId = varint(in);
            int start = in.position();
            long headerLength = varint(in);
            if (length > in.limit() - start || headerLength > length) {
                return List.of();
            }
            List<Long> types = new ArrayList<>();
            while (in.position() < start + headerLength && types.size() <= COLUMNS) {
                types.add(varint(in));
            }
            if (types.size() != COLUMNS && types.size() != UNSEALED_COLUMNS) {
                return List.of();
            }
            List<Object> columns = new ArrayList<>();
            for (long type : types) {
                columns.add(value(in, type));
            }
            columns.set(0, rowId);
            return columns;
        } catch (java.nio.BufferUnderflowException | IllegalArgumentException e) {
            return List.of();
        }
    }

    private static Object value(ByteBuffer in, long type) {
        if (type >= 12) {
            long length = (type - 12) / 2;
            if (length > in.remaining()) {
                throw new IllegalArgumentException("reaches beyond its page");
            }
            byte[] bytes = new byte[(int) length];
            in.get(bytes);
            return type % 2 == 0 ? bytes : new String(bytes, StandardCharsets.UTF_8);
        }
        return switch ((int) type) {
            case 0 -> ""; // null, as the row id's own column is
            case 1, 2, 3, 4 -> integer(in, (int) type);
            case 5 -> integer(in, 6);
            case 6 -> integer(in, 8);
            case 8 -> 0L;
            case 9 -> 1L;
            default -> throw new IllegalArgumentException("no column of ours has type " + type);
        };
    }

    private static Long integer(ByteBuffer in, int width) {
        long value = in.get();
        for (int i = 1; i < width; i++) {
            value = value << 8 | Byte.toUnsignedLong(in.get());
        }
        return value;
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int i = 0; i < 8; i++) {
            byte next = in.get();
            value = value << 7 | (next & 0x7f);
            if (next >= 0) {
                return value;
            }
        }
        return value << 8 | Byte.toUnsignedLong(in.get());
    }

    private static @Nullable TapEvent decoded(String text) {
        try {
            return Codec.decodeEvent(text);
        } catch (MalformedMessageException e) {
            return null;
        }
    }

    private static int u16(ByteBuffer page, int at) {
        return Short.toUnsignedInt(page.getShort(at));
    }

    private static boolean readAt(FileChannel channel, ByteBuffer page, long at)
            throws IOException {
        page.clear();
        while (page.hasRemaining()) {
            if (channel.read(page, at + page.position()) < 0) {
                return false;
            }
        }
        page.flip();
        return true;
    }

    private static byte[] bytesAt(FileChannel channel, long at, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        while (bytes.hasRemaining() && channel.read(bytes, at + bytes.position()) >= 0) {
            // until full or at the end
        }
        return bytes.array();
    }
}
