package org.hourtap.simulator.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.regex.Pattern;
import org.hourtap.server.cli.AuditCommands;
import picocli.CommandLine;

/// One byte of a hub's database changed, anywhere, again and again: whether `audit verify` says so,
/// and what it names. A change that it passes over is looked into: what the journal and the
/// accounts say must be what they said before.
final class TamperBench {
    private static final int BYTE_VALUES = 256;
    private static final Pattern A_TRANSFER = Pattern.compile(": transfer \\d+ does not hold");
    private static final List<String> READ =
            List.of(
                    "SELECT * FROM transfer NOT INDEXED ORDER BY rowid",
                    "SELECT book_id, number, kind, owner, debits, credits, last_entry FROM account");

    private final long rows;
    private final int changes;
    private final Consumer<String> progress;
    private final RandomGenerator chance;
    private final Map<Found, Integer> found = new EnumMap<>(Found.class);

    /// What came of a change.
    enum Found {
        TRANSFER("named: the transfer"),
        INDEXED("named: the transfer that an index does not lead to"),
        ACCOUNT("named: the account"),
        FILE("named: the file (how it or an index is made, its tables)"),
        NOTHING("changed nothing that is read"),
        OVERLOOKED("overlooked");

        private final String words;

        Found(String words) {
            this.words = words;
        }
    }

    TamperBench(long rows, int changes, long seed, Consumer<String> progress) {
        this.rows = rows;
        this.changes = changes;
        this.progress = progress;
        this.chance = RandomGeneratorFactory.of("SplittableRandom").create(seed);
    }

    List<Figure> run(Path folder) throws IOException, InterruptedException, BenchProblem {
        Path file = folder.resolve("hub.db");
        progress.accept("Posting " + rows + " transfers.");
        try (LedgerBooks books = LedgerBooks.open(file)) {
            books.grow(rows, posted -> progress.accept("  " + posted + " posted"));
        } catch (SQLException e) {
            throw new BenchProblem("The books cannot be closed: " + e.getMessage(), e);
        }
        return tamper(file);
    }

    /// @param file nobody has it open, and its log is folded; it is left as it was
    List<Figure> tamper(Path file) throws IOException, BenchProblem {
        String before = contents(file);
        if (before.isEmpty() || verify(file) != Found.NOTHING) {
            throw new IllegalStateException("the books do not hold before anything is changed");
        }
        for (int i = 1; i <= changes; i++) {
            long at = chance.nextLong(Files.size(file));
            int by = chance.nextInt(1, BYTE_VALUES);
            flip(file, at, by);
            try {
                Found what = verify(file);
                if (what == Found.NOTHING && !contents(file).equals(before)) {
                    what = Found.OVERLOOKED;
                }
                found.merge(what, 1, Integer::sum);
                progress.accept(
                        "  change %d of %d: byte %d: %s".formatted(i, changes, at, what.words));
            } finally {
                flip(file, at, by);
                // What a reader of a damaged file may have left beside it.
                Files.deleteIfExists(file.resolveSibling(file.getFileName() + "-wal"));
                Files.deleteIfExists(file.resolveSibling(file.getFileName() + "-shm"));
            }
        }
        return figures();
    }

    private List<Figure> figures() {
        return List.of(
                Figure.of("bytes changed", changes, ""),
                figure(Found.TRANSFER),
                figure(Found.INDEXED),
                figure(Found.ACCOUNT),
                figure(Found.FILE),
                figure(Found.NOTHING),
                Figure.atMost(
                        Found.OVERLOOKED.words, found.getOrDefault(Found.OVERLOOKED, 0), "", 0));
    }

    private Figure figure(Found what) {
        return Figure.of("  " + what.words, found.getOrDefault(what, 0), "");
    }

    /// As an auditor calls it.
    private static Found verify(Path file) {
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said, true);
        int exit =
                new CommandLine(new AuditCommands.Audit())
                        .setOut(out)
                        .setErr(out)
                        .execute("verify", file.toString());
        String text = said.toString();
        if (exit == 0) {
            return Found.NOTHING;
        }
        if (A_TRANSFER.matcher(text).find()) {
            return Found.TRANSFER;
        }
        if (text.contains(": account ")) {
            return Found.ACCOUNT;
        }
        if (text.contains(": transfer ")) {
            return Found.INDEXED;
        }
        if (text.contains("damaged") || text.contains("refused") || text.contains("cannot be")) {
            return Found.FILE;
        }
        throw new IllegalStateException("exit " + exit + " and nothing named: " + text);
    }

    private static void flip(Path file, long at, int by) throws IOException {
        try (FileChannel open =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            open.read(one, at);
            one.put(0, (byte) (one.get(0) ^ by)).flip();
            open.write(one, at);
        }
    }

    /// @return a digest of all that the two tables say, empty if they cannot be read
    private static String contents(Path file) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String query : READ) {
                try (ResultSet row = statement.executeQuery(query)) {
                    int columns = row.getMetaData().getColumnCount();
                    while (row.next()) {
                        for (int column = 1; column <= columns; column++) {
                            byte[] value = row.getBytes(column);
                            digest.update((byte) (value == null ? 0 : 1));
                            digest.update(value == null ? new byte[0] : value);
                        }
                    }
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (SQLException e) {
            return "";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
