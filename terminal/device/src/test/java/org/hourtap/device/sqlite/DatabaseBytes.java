package org.hourtap.device.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hourtap.device.sqlite.PageScan.PAGE;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Finds places in the bytes of a terminal's file.
final class DatabaseBytes {
    private DatabaseBytes() {}

    /// The row's cell: two lengths, the record's head, then its columns, of which the first that
    /// has bytes is the id.
    static int startOfRow(byte[] file, long sequence) {
        int text = indexOf(file, "{\"sequence\":" + sequence + ",", 0);
        int page = text / PAGE * PAGE;
        int start = page;
        for (int pointer : pointers(file, page)) {
            if (page + pointer < text && page + pointer > start) {
                start = page + pointer;
            }
        }
        return start;
    }

    static int endOfRow(byte[] file, long sequence) {
        int start = startOfRow(file, sequence);
        int page = start / PAGE * PAGE;
        int end = page + PAGE;
        for (int pointer : pointers(file, page)) {
            if (page + pointer > start && page + pointer < end) {
                end = page + pointer;
            }
        }
        return end;
    }

    private static List<Integer> pointers(byte[] file, int page) {
        List<Integer> pointers = new ArrayList<>();
        int cells = u16(file, page + 3);
        for (int i = 0; i < cells; i++) {
            pointers.add(u16(file, page + 8 + 2 * i));
        }
        return pointers;
    }

    private static int u16(byte[] file, int at) {
        return Byte.toUnsignedInt(file[at]) << 8 | Byte.toUnsignedInt(file[at + 1]);
    }

    static byte[] flipped(byte[] file, int bit) {
        byte[] copy = file.clone();
        copy[bit / 8] ^= (byte) (1 << bit % 8);
        return copy;
    }

    static int indexOf(byte[] file, String what, int from) {
        int at = new String(file, StandardCharsets.ISO_8859_1).indexOf(what, from);
        assertThat(at).as(what).isNotNegative();
        return at;
    }

    static boolean isFollowedBy(String what, byte[] file, int at) {
        return new String(file, at, what.length(), StandardCharsets.ISO_8859_1).equals(what);
    }
}
