package org.hourtap.server.books;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A row of the journal as one value: asking the driver for all columns one by one takes twice as
/// long as all the rest of a check. All numbers and all lengths come first, in decimal digits with
/// a comma after each, an absent one empty; then texts and bytes, without anything between them.
/// Confined to one thread.
final class PackedRow {
    /// The expression for the value, in SQLite's dialect.
    private static final String COLUMN =
            "concat_ws(',', ifnull(sequence, ''), ifnull(debit, ''), ifnull(credit, ''),"
                    + " ifnull(minutes, ''), ifnull(tap_sequence, ''), ifnull(tap_reuse, ''),"
                    + " ifnull(leg, ''), ifnull(event_micros, ''), ifnull(posted_micros, ''),"
                    + " ifnull(debit_previous, ''), ifnull(credit_previous, ''),"
                    + " ifnull(debit_balance, ''), ifnull(credit_balance, ''),"
                    + " ifnull(until_micros, ''),"
                    + " ifnull(octet_length(book_id), ''), ifnull(octet_length(id), ''),"
                    + " ifnull(octet_length(reason), ''), ifnull(octet_length(corrects), ''),"
                    + " ifnull(octet_length(terminal), ''), ifnull(octet_length(hash), ''),"
                    + " ifnull(octet_length(stage), ''), ifnull(octet_length(decides), ''),"
                    + " concat(book_id, id, reason, corrects, terminal, hash, stage, decides))";

    private static final int UNTIL = 13;
    private static final int NUMBERS = 14;
    private static final int BOOK = NUMBERS;
    private static final int ID = 15;
    private static final int REASON = 16;
    private static final int CORRECTS = 17;
    private static final int TERMINAL = 18;
    private static final int HASH = 19;
    private static final int STAGE = 20;
    private static final int DECIDES = 21;
    private static final int FIELDS = 22;
    private static final int TAP_SEQUENCE = 4;
    private static final int TAP_REUSE = 5;

    private static final Set<Integer> MAY_BE_ABSENT =
            Set.of(TAP_SEQUENCE, TAP_REUSE, UNTIL, CORRECTS, TERMINAL, STAGE, DECIDES);
    private static final boolean[] IS_NEEDED = new boolean[FIELDS];

    static {
        for (int field = 0; field < FIELDS; field++) {
            IS_NEEDED[field] = !MAY_BE_ABSENT.contains(field);
        }
    }

    /// The most digits that are certainly a `long`.
    private static final int DIGITS_MAX = 18;

    private final @Nullable Long[] fields = new @Nullable Long[FIELDS];
    private byte[] value = {};
    private int at;
    private byte[] bookBytes = {};
    private String book = "";

    /// @param hasStages whether the journal has columns for what is pending; if not, they are
    ///   absent
    static String column(boolean hasStages) {
        return hasStages ? COLUMN : COLUMN.replaceAll("\\b(stage|decides|until_micros)\\b", "NULL");
    }

    /// @param packed the value
    /// @return null if it is not what the hub writes: then the row has to be read plainly
    @Nullable TransferRow read(byte @Nullable [] packed) {
        if (packed == null) {
            return null;
        }
        value = packed;
        at = 0;
        long rest = 0;
        for (int field = 0; field < FIELDS; field++) {
            if (!readField(field)) {
                return null;
            }
            if (field >= NUMBERS) {
                rest += or0(fields[field]);
            }
        }
        if (rest != value.length - at || !isComplete()) {
            return null;
        }
        return new TransferRow(
                book(),
                fields[0],
                bytes(ID),
                fields[1],
                fields[2],
                fields[3],
                text(REASON),
                bytes(CORRECTS),
                text(TERMINAL),
                fields[TAP_SEQUENCE],
                fields[TAP_REUSE],
                fields[6],
                fields[7],
                fields[8],
                fields[9],
                fields[10],
                fields[11],
                fields[12],
                bytes(HASH),
                text(STAGE),
                bytes(DECIDES),
                fields[UNTIL]);
    }

    private boolean readField(int field) {
        boolean isLength = field >= NUMBERS;
        boolean isNegative = !isLength && at < value.length && value[at] == '-';
        if (isNegative) {
            at++;
        }
        int digits = at;
        long number = 0;
        while (at < value.length && value[at] >= '0' && value[at] <= '9') {
            number = number * 10 + (value[at] - '0');
            at++;
        }
        int count = at - digits;
        if (at >= value.length || value[at] != ',' || count > DIGITS_MAX) {
            return false;
        }
        at++;
        if (count == 0) {
            fields[field] = null;
            return !isNegative;
        }
        fields[field] = isNegative ? -number : number;
        // A length of 0 is read plainly too.
        return !isLength || (number > 0 && number <= value.length);
    }

    private boolean isComplete() {
        for (int field = 0; field < FIELDS; field++) {
            if (fields[field] == null && IS_NEEDED[field]) {
                return false;
            }
        }
        return true;
    }

    private String book() {
        int to = at + (int) or0(fields[BOOK]);
        if (!Arrays.equals(value, at, to, bookBytes, 0, bookBytes.length)) {
            bookBytes = Arrays.copyOfRange(value, at, to);
            book = new String(bookBytes, StandardCharsets.UTF_8);
        }
        at = to;
        return book;
    }

    private byte @Nullable [] bytes(int field) {
        Long length = fields[field];
        if (length == null) {
            return null;
        }
        int from = at;
        at += length.intValue();
        return Arrays.copyOfRange(value, from, at);
    }

    private @Nullable String text(int field) {
        byte[] bytes = bytes(field);
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    private static long or0(@Nullable Long number) {
        return number == null ? 0 : number;
    }
}
