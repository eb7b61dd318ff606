package org.hourtap.device.sqlite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.stream.Stream;
import org.hourtap.runtime.NewerDatabaseException;
import org.hourtap.runtime.Sqlite;
import org.hourtap.runtime.StorageFault;
import org.jspecify.annotations.Nullable;

/// Mends a damaged store before it is opened. Every tap that can still be read goes into a fresh
/// file; only when that is complete does it take the place of the damaged one, which is kept. A
/// power cut at any point in between is made good at the next start.
///
/// ```
/// terminal.db  →  terminal.db.rescue.part  →  terminal.db.rescue   all taps are safe
///                 terminal.db              →  terminal.db.damaged-20260314T101500Z
///                 terminal.db.rescue       →  terminal.db
/// ```
final class Salvage {
    /// Taps which the damage swallowed without a trace may be known to the hub. Numbers go on this
    /// far after the newest one found, so that none is given twice.
    static final long NUMBERS_SKIPPED = 1_000;

    /// A page may be found more than once, as it was before and after a doubt was settled.
    private static final String UNLESS_SETTLED =
            " ON CONFLICT DO UPDATE SET kind = excluded.kind, minutes = excluded.minutes,"
                    + " boot_id = excluded.boot_id, mono_us = excluded.mono_us,"
                    + " wall_us = excluded.wall_us, text = excluded.text,"
                    + " counter = excluded.counter WHERE journal.kind = 'DOUBT'";

    private static final String DAMAGED = ".damaged-";
    private static final int CACHE_KILOBYTES = 4_096;
    private static final System.Logger LOG = System.getLogger(Salvage.class.getName());

    private final Path file;
    private final long wallMicros;

    private Salvage(Path file, long wallMicros) {
        this.file = file;
        this.wallMicros = wallMicros;
    }

    static void mendIfDamaged(Path file, long wallMicros)
            throws IOException, SQLException, NewerDatabaseException {
        Salvage salvage = new Salvage(file, wallMicros);
        if (!Files.exists(salvage.rescue()) && !salvage.rescueIfDamaged()) {
            return;
        }
        salvage.putAside();
        Files.move(salvage.rescue(), file, StandardCopyOption.ATOMIC_MOVE);
        salvage.syncFolder();
    }

    /// @return whether a damaged file still lies beside this one
    static boolean isKept(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        String prefix = file.getFileName() + DAMAGED;
        try (Stream<Path> all = folder == null ? Stream.empty() : Files.list(folder)) {
            return all.anyMatch(path -> path.getFileName().toString().startsWith(prefix));
        } catch (IOException | UncheckedIOException e) {
            return true; // better a notice too many
        }
    }

    private boolean rescueIfDamaged() throws IOException, SQLException, NewerDatabaseException {
        if (!Files.exists(file)) {
            return false;
        }
        if (Files.size(file) == 0) {
            // SQLite would take this for a new database and delete the log beside it.
            rescueTo("it is empty");
            return true;
        }
        try (Sqlite sqlite = Sqlite.open(file, CACHE_KILOBYTES)) {
            String verdict = sqlite.quickCheck();
            if (verdict.equals("ok")) {
                return false;
            }
            // Before the connection closes, because that folds the log into the damaged file.
            rescueTo(verdict);
            return true;
        } catch (SQLException e) {
            if (StorageFault.of(e) != StorageFault.DAMAGED) {
                throw e;
            }
            rescueTo(String.valueOf(e.getMessage()));
            return true;
        }
    }

    private void rescueTo(String verdict) throws IOException, SQLException, NewerDatabaseException {
        LOG.log(System.Logger.Level.ERROR, "{0} is damaged: {1}", file, verdict);
        Path part = beside(".rescue.part");
        deleteDatabase(part);
        Optional<Meta> known = readMeta();
        TerminalDatabase.open(part, wallMicros).close(); // makes the tables
        try (Sqlite sqlite = Sqlite.open(part, CACHE_KILOBYTES)) {
            sqlite.<Long, IOException>transaction(connection -> {
                Rescued rescued = copyTaps(connection, known.map(Meta::acknowledged).orElse(0L));
                meta(known.orElse(null), rescued).write(sqlite);
                return rescued.count();
            });
            // Closing does the same, but keeps silent when the disk is full, and the log stays
            // behind.
            try (var statement = sqlite.connection().createStatement()) {
                statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
            }
        }
        try (FileChannel channel = FileChannel.open(part, java.nio.file.StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(part, rescue(), StandardCopyOption.ATOMIC_MOVE);
        syncFolder();
    }

    private record Rescued(long count, long newest) {}

    private Rescued copyTaps(java.sql.Connection connection, long acknowledged)
            throws SQLException, IOException {
        try (PreparedStatement insert =
                connection.prepareStatement(Journal.INSERT + UNLESS_SETTLED)) {
            PageScan scan = new PageScan(row -> insert(insert, row));
            scan.scan(file);
            scan.scanLog(beside("-wal"));
        }
        try (var statement = connection.createStatement()) {
            // Nothing in doubt travels, so this is an old page: the tap was settled long ago.
            statement.executeUpdate(
                    "DELETE FROM journal WHERE kind = 'DOUBT' AND sequence <= " + acknowledged);
            statement.executeUpdate(
                    "INSERT INTO run SELECT sequence FROM journal j WHERE NOT EXISTS"
                            + " (SELECT 1 FROM journal p WHERE p.sequence = j.sequence - 1)"
                            + " AND sequence > (SELECT min(sequence) FROM journal)");
            try (var row =
                    statement.executeQuery(
                            "SELECT count(*), coalesce(max(sequence), 0) FROM journal")) {
                row.next();
                return new Rescued(row.getLong(1), row.getLong(2));
            }
        }
    }

    private static void insert(PreparedStatement insert, Journal.Row row) throws IOException {
        try {
            Journal.bind(insert, row);
            insert.executeUpdate();
        } catch (SQLException e) {
            throw new IOException(StorageFault.of(e).advice(), e);
        }
    }

    /// The cursor starts over, so that the hub fills the cache again.
    private Meta meta(@Nullable Meta known, Rescued rescued) {
        Meta fresh = Meta.fresh(wallMicros);
        long last = known == null ? 0 : known.last();
        return new Meta(
                Math.max(rescued.newest(), last) + NUMBERS_SKIPPED,
                known == null ? 0 : known.acknowledged(),
                0,
                Math.max(fresh.epoch(), known == null ? 0 : known.epoch()),
                note(rescued.count()));
    }

    private String note(long rescued) {
        return "On "
                + Instant.EPOCH.plus(wallMicros, ChronoUnit.MICROS).truncatedTo(ChronoUnit.SECONDS)
                + " this terminal found its own file damaged. "
                + rescued
                + (rescued == 1 ? " tap was" : " taps were")
                + " rescued; the newest few may be missing. Compare the day with your own list, and"
                + " give the file "
                + damagedName()
                + " to the coordinator. This notice goes when that file is taken out of the"
                + " folder. If it happens again, replace the memory card.";
    }

    private Optional<Meta> readMeta() {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (Sqlite sqlite = Sqlite.openReadOnly(file, CACHE_KILOBYTES)) {
            return Meta.read(sqlite.connection());
        } catch (SQLException | RuntimeException e) {
            LOG.log(System.Logger.Level.INFO, "nothing but taps can be read: {0}", e.getMessage());
            return Optional.empty();
        }
    }

    private void putAside() throws IOException {
        for (String suffix : new String[] {"-wal", "-shm", ""}) {
            Path from = beside(suffix);
            if (Files.exists(from)) {
                Files.move(
                        from,
                        file.resolveSibling(damagedName() + suffix),
                        StandardCopyOption.ATOMIC_MOVE);
            }
        }
        syncFolder();
    }

    private static void deleteDatabase(Path database) throws IOException {
        for (String suffix : new String[] {"-wal", "-shm", "-journal", ""}) {
            Files.deleteIfExists(database.resolveSibling(database.getFileName() + suffix));
        }
    }

    private void syncFolder() throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            try (FileChannel channel = FileChannel.open(folder)) {
                channel.force(true);
            }
        }
    }

    private Path rescue() {
        return beside(".rescue");
    }

    private Path beside(String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    private String damagedName() {
        String time =
                Instant.EPOCH
                        .plus(wallMicros, ChronoUnit.MICROS)
                        .truncatedTo(ChronoUnit.SECONDS)
                        .toString()
                        .replaceAll("[-:]", "");
        return file.getFileName() + DAMAGED + time;
    }
}
