package org.hourtap.simulator.crash;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.hourtap.contract.ActivityId;
import org.hourtap.contract.CardId;
import org.hourtap.contract.Codec;
import org.hourtap.contract.FeedRow;
import org.hourtap.contract.FeedRow.CardRow;
import org.hourtap.contract.FeedRow.OpenShift;
import org.hourtap.contract.MalformedMessageException;
import org.hourtap.contract.TapEvent;
import org.hourtap.contract.TransferId;
import org.hourtap.runtime.Sqlite;
import org.hourtap.server.books.ChainCheck;
import org.hourtap.server.books.Sql;
import org.hourtap.simulator.crash.Evidence.AccountRow;
import org.hourtap.simulator.crash.Evidence.FindingRow;
import org.hourtap.simulator.crash.Evidence.HubTap;
import org.hourtap.simulator.crash.Evidence.JournalRow;
import org.hourtap.simulator.crash.Evidence.Posting;
import org.hourtap.simulator.crash.Evidence.Shift;
import org.jspecify.annotations.Nullable;

/// Reads the hub's and the terminals' files, beside the programs or after they ended, and changes
/// nothing in them.
final class EvidenceFiles {
    /// From here on the hub may have heard of others in between that happened later.
    private static final long LATE_MICROS = 120_000_000;

    private static final int CACHE_KILOBYTES = 4_096;

    private final Path hub;
    private final Map<String, Path> terminals;

    /// @param hub the hub's folder
    /// @param terminals the folder of each terminal
    EvidenceFiles(Path hub, Map<String, Path> terminals) {
        this.hub = hub;
        this.terminals = Map.copyOf(terminals);
    }

    /// Reads one row of a result.
    @FunctionalInterface
    private interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    Evidence read(int passbackSeconds, List<Answer> answers, List<String> otherDamages)
            throws IOException, SQLException {
        List<String> damages = new ArrayList<>(otherDamages);
        List<JournalRow> journal = new ArrayList<>();
        Map<String, Map<String, CardRow>> caches = new HashMap<>();
        for (Map.Entry<String, Path> entry : terminals.entrySet()) {
            String terminal = entry.getKey();
            damages.addAll(setAside(entry.getValue()));
            try (Sqlite file = open(entry.getValue().resolve("terminal.db"), damages)) {
                journal.addAll(journal(terminal, file));
                caches.put(
                        terminal, byCard(list(file, "SELECT * FROM card", EvidenceFiles::cached)));
            }
        }
        try (Sqlite file = open(hub.resolve("hub.db"), damages)) {
            for (ChainCheck.Verdict verdict : ChainCheck.verify(new Sql(file), _ -> {})) {
                if (verdict.fault() != null) {
                    damages.add("book " + verdict.book() + ": " + verdict.fault());
                }
            }
            return new Evidence(
                    passbackSeconds,
                    List.copyOf(answers),
                    journal,
                    taps(file),
                    shifts(file),
                    postings(file),
                    accounts(file),
                    byCard(
                            list(
                                    file,
                                    "SELECT payload FROM feed WHERE kind = 'CARD'",
                                    row -> told(row.getString(1)))),
                    caches,
                    owners(file),
                    findings(file),
                    damages);
        }
    }

    /// @return the cards whose taps are in doubt, by terminal
    Map<String, List<String>> doubts() throws SQLException {
        Map<String, List<String>> open = new HashMap<>();
        for (Map.Entry<String, Path> entry : terminals.entrySet()) {
            try (Sqlite file = terminal(entry.getValue())) {
                List<String> cards =
                        list(
                                file,
                                "SELECT card FROM journal WHERE kind = 'DOUBT'",
                                row -> row.getString(1));
                if (!cards.isEmpty()) {
                    open.put(entry.getKey(), cards);
                }
            }
        }
        return open;
    }

    /// @return whether every terminal has taken in all that the hub has to tell
    boolean areCachesUpToDate() throws SQLException {
        long head;
        try (Sqlite file = Sqlite.openReadOnly(hub.resolve("hub.db"), CACHE_KILOBYTES)) {
            head = list(file, "SELECT max(cursor) FROM feed", row -> row.getLong(1)).getFirst();
        }
        for (Path folder : terminals.values()) {
            try (Sqlite file = terminal(folder)) {
                List<Long> cursor = list(file, "SELECT cursor FROM meta", row -> row.getLong(1));
                if (cursor.isEmpty() || cursor.getFirst() != head) {
                    return false;
                }
            }
        }
        return true;
    }

    private static Sqlite terminal(Path folder) throws SQLException {
        return Sqlite.openReadOnly(folder.resolve("terminal.db"), CACHE_KILOBYTES);
    }

    private static Sqlite open(Path path, List<String> damages) throws SQLException {
        Sqlite file = Sqlite.openReadOnly(path, CACHE_KILOBYTES);
        String check = file.integrityCheck();
        if (!check.equals("ok")) {
            damages.add(path + ": " + check);
        }
        return file;
    }

    /// A terminal sets a file aside that it cannot read; killing programs must never lead to that.
    private static List<String> setAside(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(Path::toString).filter(name -> name.contains(".damaged-")).toList();
        }
    }

    private static List<JournalRow> journal(String terminal, Sqlite file) throws SQLException {
        return list(
                file,
                "SELECT * FROM journal ORDER BY sequence",
                row ->
                        new JournalRow(
                                terminal,
                                row.getLong("sequence"),
                                id(row.getBytes("id")),
                                row.getString("card"),
                                row.getString("kind"),
                                row.getLong("minutes"),
                                row.getString("boot_id"),
                                row.getLong("mono_us")));
    }

    private static List<HubTap> taps(Sqlite file) throws SQLException {
        return list(
                file,
                "SELECT * FROM tap ORDER BY terminal, sequence",
                row ->
                        new HubTap(
                                row.getString("terminal"),
                                row.getLong("sequence"),
                                id(row.getBytes("id")),
                                row.getString("card"),
                                row.getString("kind"),
                                row.getString("brought_to") != null
                                        || row.getLong("received_micros")
                                                        - row.getLong("hub_micros")
                                                > LATE_MICROS));
    }

    private static List<Shift> shifts(Sqlite file) throws SQLException {
        return list(
                file,
                "SELECT * FROM shift WHERE closed_by IS NOT NULL AND member IS NOT NULL",
                row ->
                        new Shift(
                                row.getString("member"),
                                id(row.getBytes("id")),
                                id(row.getBytes("closed_by")),
                                row.getLong("since_micros"),
                                row.getLong("until_micros"),
                                row.getLong("minutes")));
    }

    private static List<Posting> postings(Sqlite file) throws SQLException {
        return list(
                file,
                "SELECT * FROM transfer ORDER BY sequence",
                row -> {
                    byte[] corrects = row.getBytes("corrects");
                    String stage = row.getString("stage");
                    boolean moves = stage == null || stage.equals("POSTS");
                    return new Posting(
                            row.getLong("sequence"),
                            id(row.getBytes("id")),
                            row.getLong("debit"),
                            row.getLong("credit"),
                            moves ? row.getLong("minutes") : 0,
                            corrects == null ? null : id(corrects),
                            row.getString("terminal"));
                });
    }

    private static List<AccountRow> accounts(Sqlite file) throws SQLException {
        return list(
                file,
                "SELECT * FROM account ORDER BY number",
                row ->
                        new AccountRow(
                                row.getLong("number"),
                                row.getString("kind"),
                                row.getString("owner"),
                                row.getLong("debits"),
                                row.getLong("credits")));
    }

    private static List<FindingRow> findings(Sqlite file) throws SQLException {
        return list(
                file,
                "SELECT * FROM finding ORDER BY number",
                row ->
                        new FindingRow(
                                row.getString("kind"),
                                row.getString("terminal"),
                                row.getLong("sequence"),
                                row.getString("note")));
    }

    private static Map<String, String> owners(Sqlite file) throws SQLException {
        Map<String, String> owners = new HashMap<>();
        list(
                file,
                "SELECT id, member FROM card",
                row -> owners.put(row.getString("id"), row.getString("member")));
        return owners;
    }

    private static CardRow cached(ResultSet row) throws SQLException {
        String activity = row.getString("shift_activity");
        long since = row.getLong("shift_since_us");
        long allowance = row.getLong("allowance");
        boolean isLimited = !row.wasNull();
        return new CardRow(
                new CardId(row.getString("card")),
                FeedRow.Status.valueOf(row.getString("status")),
                TapEvent.Proof.valueOf(row.getString("least_proof")),
                row.getLong("balance"),
                row.getString("language"),
                activity == null ? null : new OpenShift(new ActivityId(activity), since),
                row.getLong("counter"),
                row.getInt("ahead"),
                isLimited ? allowance : null);
    }

    private static CardRow told(String payload) throws SQLException {
        try {
            return (CardRow) Codec.decodeRow(payload);
        } catch (MalformedMessageException e) {
            throw new SQLException("a row of the feed cannot be read", e);
        }
    }

    private static Map<String, CardRow> byCard(List<CardRow> rows) {
        Map<String, CardRow> byCard = new HashMap<>();
        rows.forEach(row -> byCard.put(row.card().value(), row));
        return byCard;
    }

    private static TransferId id(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return new TransferId(new UUID(in.getLong(), in.getLong()));
    }

    private static <T extends @Nullable Object> List<T> list(Sqlite file, String sql, Row<T> reader)
            throws SQLException {
        List<T> all = new ArrayList<>();
        try (Statement statement = file.connection().createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                all.add(reader.read(rows));
            }
        }
        return all;
    }
}
