package org.hourtap.device.sqlite;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
/// A tap is believed when its JSON decodes and the columns beside it say the same.
final class PageScan {
    /// SQLite's default since 2016; we never set another.
    static final int PAGE = 4_096;

    private static final int LEAF = 0x0d;
    private static final int LOG_HEADER = 32;
    private static final int FRAME_HEADER = 24;
    private static final int SALT_LENGTH = 8;
    private static final int COLUMNS = 11;
    private static final int ID_COLUMN = 1;
    private static final int KIND_COLUMN = 3;
    private static final int TEXT_COLUMN = 9;
    private static final int COUNTER_COLUMN = 10;

    private final Finding finding;

    /// Told of each tap, possibly more than once.
    @FunctionalInterface
    interface Finding {
        void found(Journal.Row row) throws IOException;
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
        if (page.get(0) != LEAF) {
            return;
        }
        int cells = Math.min(u16(page, 3), (PAGE - 8) / 2);
        for (int cell = 0; cell < cells; cell++) {
            int at = u16(page, 8 + 2 * cell);
            List<Object> columns = at < PAGE ? record(page.duplicate().position(at)) : List.of();
            if (columns.size() == COLUMNS) {
                row(columns);
            }
        }
    }

    private void row(List<Object> columns) throws IOException {
        if (!(columns.get(ID_COLUMN) instanceof byte[] id)
                || !(columns.get(KIND_COLUMN) instanceof String kind)
                || !(columns.get(TEXT_COLUMN) instanceof String text)
                || !(columns.get(COUNTER_COLUMN) instanceof Long counter)) {
            return;
        }
        TapEvent event = decoded(text);
        if (event == null || !Arrays.equals(id, Journal.bytes(event.id().value()))) {
            return;
        }
        boolean isInDoubt = kind.equals(Journal.DOUBT) && event.stamp() != null;
        boolean agrees =
                columns.get(0).equals(event.sequence())
                        && columns.get(2).equals(event.card().value())
                        && (isInDoubt || kind.equals(event.kind().name()))
                        && columns.get(4).equals(event.minutes().minutes())
                        && counter >= 0;
        if (agrees) {
            finding.found(new Journal.Row(event, kind, text, counter));
        }
    }

    /// @return the row id in place of the first column, then the others; empty when this is no
    ///   record, or one that reaches beyond its page
    private static List<Object> record(ByteBuffer in) {
        try {
            long length = varint(in);
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
            if (types.size() != COLUMNS) {
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
            case 0 -> "";
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
