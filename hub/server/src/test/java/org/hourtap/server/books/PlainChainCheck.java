package org.hourtap.server.books;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.hourtap.ledger.AccountKind;
import org.hourtap.ledger.Side;
import org.jspecify.annotations.Nullable;

/// The check once more, written from docs/LEDGER.md and the docstring of [Chain] alone: row by row
/// on one thread.
final class PlainChainCheck {
    private final Map<String, byte[]> heads = new TreeMap<>();
    private final Map<String, Long> lengths = new HashMap<>();
    private final Set<String> broken = new HashSet<>();
    private final Map<String, String> names = new HashMap<>();
    // Debit, credit and minutes of what is pending, by book and id.
    private final Map<String, long[]> undecided = new HashMap<>();
    // Debits, credits, pending debits, pending credits, last entry; of an account by "book/number".
    private final Map<String, long[]> recounted = new HashMap<>();
    private final Map<String, long[]> kept = new HashMap<>();

    /// @return for each book, in order of name, `book/number/fault?`: how many transfers hold, and
    ///   whether something does not
    static Map<String, String> verify(Path file) throws Exception {
        PlainChainCheck check = new PlainChainCheck();
        try (Connection raw = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = raw.createStatement()) {
            check.readAccounts(statement);
            try (ResultSet row =
                    statement.executeQuery("SELECT * FROM transfer NOT INDEXED ORDER BY rowid")) {
                while (row.next()) {
                    check.read(row);
                }
            }
        }
        return check.verdicts();
    }

    private void readAccounts(Statement statement) throws Exception {
        try (ResultSet row = statement.executeQuery("SELECT * FROM account")) {
            while (row.next()) {
                String key = row.getString("book_id") + "/" + row.getLong("number");
                begin(row.getString("book_id"));
                String owner = row.getString("owner");
                names.put(key, row.getString("kind") + (owner.isEmpty() ? "" : ":" + owner));
                kept.put(
                        key,
                        new long[] {
                            row.getLong("debits"),
                            row.getLong("credits"),
                            row.getLong("pending_debits"),
                            row.getLong("pending_credits"),
                            row.getLong("last_entry")
                        });
                recounted.put(key, new long[5]);
            }
        }
    }

    private void begin(String book) throws Exception {
        if (!heads.containsKey(book)) {
            heads.put(book, sha(("hourtap journal 1 " + book).getBytes(StandardCharsets.UTF_8)));
            lengths.put(book, 0L);
        }
    }

    private void read(ResultSet row) throws Exception {
        String book = row.getString("book_id");
        begin(book);
        if (broken.contains(book)) {
            return;
        }
        String debit = book + "/" + row.getLong("debit");
        String credit = book + "/" + row.getLong("credit");
        long sequence = lengths.getOrDefault(book, 0L) + 1;
        long[] from = recounted.get(debit);
        long[] to = recounted.get(credit);
        byte[] hash = row.getBytes("hash");
        if (row.getLong("sequence") != sequence
                || from == null
                || to == null
                || !Arrays.equals(hash, hash(heads.get(book), row, debit, credit))
                || row.getLong("debit_previous") != from[4]
                || row.getLong("credit_previous") != to[4]) {
            broken.add(book);
            return;
        }
        long held = 0;
        long moved = row.getLong("minutes");
        if (!isPlain(row)) {
            String id = book + hex(row.getBytes("id"));
            String stage = String.valueOf(row.getString("stage"));
            if (stage.equals("PENDING")) {
                held = moved;
                undecided.put(id, new long[] {row.getLong("debit"), row.getLong("credit"), held});
            } else {
                long[] pending = undecided.remove(book + hex(row.getBytes("decides")));
                if (pending == null
                        || pending[0] != row.getLong("debit")
                        || pending[1] != row.getLong("credit")
                        || pending[2] < moved) {
                    broken.add(book);
                    return;
                }
                held = -pending[2];
            }
            moved = stage.equals("POSTS") ? moved : 0;
        }
        from[0] += moved;
        to[1] += moved;
        from[2] += held;
        to[3] += held;
        from[4] = sequence;
        to[4] = sequence;
        heads.put(book, hash);
        lengths.put(book, sequence);
        if (balance(debit) != row.getLong("debit_balance")
                || balance(credit) != row.getLong("credit_balance")) {
            broken.add(book);
        }
    }

    private static boolean isPlain(ResultSet row) throws Exception {
        return row.getBytes("stage") == null
                && row.getBytes("decides") == null
                && row.getBytes("until_micros") == null;
    }

    private static String hex(byte @Nullable [] bytes) {
        return bytes == null ? "" : java.util.HexFormat.of().formatHex(bytes);
    }

    private long balance(String key) {
        String kind = String.valueOf(names.get(key)).split(":", 2)[0];
        long[] sides = recounted.getOrDefault(key, new long[5]);
        return AccountKind.valueOf(kind).carries() == Side.DEBIT
                ? sides[0] - sides[1]
                : sides[1] - sides[0];
    }

    private byte[] hash(byte @Nullable [] previous, ResultSet row, String debit, String credit)
            throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.write(previous == null ? new byte[0] : previous);
            int last = isPlain(row) ? 18 : 22;
            for (int column = 1; column <= last; column++) {
                switch (column) {
                    case 19 -> {} // the hash itself
                    case 21 -> block(out, 3, row.getBytes(column));
                    case 1, 7, 9, 20 -> text(out, row.getString(column));
                    case 4 -> text(out, names.get(debit));
                    case 5 -> text(out, names.get(credit));
                    case 3, 8 -> block(out, 3, row.getBytes(column));
                    default -> {
                        long number = row.getLong(column);
                        out.write(row.wasNull() ? 0 : 1);
                        if (!row.wasNull()) {
                            out.writeLong(number);
                        }
                    }
                }
            }
        }
        return sha(bytes.toByteArray());
    }

    private static void text(DataOutputStream out, @Nullable String text) throws IOException {
        block(out, 2, text == null ? null : text.getBytes(StandardCharsets.UTF_8));
    }

    private static void block(DataOutputStream out, int tag, byte @Nullable [] bytes)
            throws IOException {
        out.write(bytes == null ? 0 : tag);
        if (bytes != null) {
            out.writeInt(bytes.length);
            out.write(bytes);
        }
    }

    private Map<String, String> verdicts() {
        Map<String, String> verdicts = new TreeMap<>();
        for (String book : heads.keySet()) {
            boolean isSound =
                    !broken.contains(book)
                            && kept.keySet().stream()
                                    .filter(key -> key.startsWith(book + "/"))
                                    .allMatch(key ->
                                            Arrays.equals(kept.get(key), recounted.get(key)));
            verdicts.put(book, lengths.get(book) + (isSound ? " hold" : " hold, then a fault"));
        }
        return verdicts;
    }

    private static byte[] sha(byte[] bytes) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }
}
