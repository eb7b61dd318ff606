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
    // Debits, credits, last entry; of an account by "book/number".
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
                            row.getLong("debits"), row.getLong("credits"), row.getLong("last_entry")
                        });
                recounted.put(key, new long[3]);
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
                || row.getLong("debit_previous") != from[2]
                || row.getLong("credit_previous") != to[2]) {
            broken.add(book);
            return;
        }
        from[0] += row.getLong("minutes");
        to[1] += row.getLong("minutes");
        from[2] = sequence;
        to[2] = sequence;
        heads.put(book, hash);
        lengths.put(book, sequence);
        if (balance(debit) != row.getLong("debit_balance")
                || balance(credit) != row.getLong("credit_balance")) {
            broken.add(book);
        }
    }

    private long balance(String key) {
        String kind = String.valueOf(names.get(key)).split(":", 2)[0];
        long[] sides = recounted.getOrDefault(key, new long[3]);
        return AccountKind.valueOf(kind).carries() == Side.DEBIT
                ? sides[0] - sides[1]
                : sides[1] - sides[0];
    }

    private byte[] hash(byte @Nullable [] previous, ResultSet row, String debit, String credit)
            throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.write(previous == null ? new byte[0] : previous);
            for (int column = 1; column <= 18; column++) {
                switch (column) {
                    case 1, 7, 9 -> text(out, row.getString(column));
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
