package org.hourtap.device.sqlite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
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
                    + " counter = excluded.counter, seal = excluded.seal"
                    + " WHERE journal.kind = 'DOUBT' AND journal.sequence = excluded.sequence"
                    + " AND journal.id = excluded.id";

    /// Numbers of taps in the notice for staff, which is to stay readable.
    private static final int NAMED_MAX = 10;

    private static final String DAMAGED = ".damaged-";
    private static final System.Logger LOG = System.getLogger(Salvage.class.getName());

    private final Path file;
    private final long wallMicros;

    private Salvage(Path file, long wallMicros) {
        this.file = file;
        this.wallMicros = wallMicros;
    }

    /// Opens a file that is sound: as it is, mended, or new if there was none.
    ///
    /// @param suspicion what was found wrong with it already; empty to look whether anything is
    static Sqlite openMended(Path file, long wallMicros, String suspicion)
            throws IOException, SQLException, NewerDatabaseException {
        Salvage salvage = new Salvage(file, wallMicros);
        if (!Files.exists(salvage.rescue())) {
            if (!Files.exists(file) && !Files.exists(salvage.beside("-wal"))) {
                salvage.makeAnew();
                return Sqlite.open(file, TerminalDatabase.CACHE_KILOBYTES);
            }
            if (suspicion.isEmpty()) {
                Sqlite sound = salvage.openIfSound();
                if (sound != null) {
                    return sound;
                }
            } else {
                salvage.rescueTo(suspicion);
            }
        }
        salvage.putAside();
        Files.move(salvage.rescue(), file, StandardCopyOption.ATOMIC_MOVE);
        salvage.syncFolder();
        return Sqlite.open(file, TerminalDatabase.CACHE_KILOBYTES);
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

    /// A file of this name is complete from its first moment on: one that is empty has lost what
    /// was in it, and is not one whose making was cut short.
    private void makeAnew() throws IOException, SQLException, NewerDatabaseException {
        Path part = beside(".rescue.part");
        deleteDatabase(part);
        TerminalDatabase.make(part, wallMicros).close();
        try (Sqlite sqlite = Sqlite.open(part, TerminalDatabase.CACHE_KILOBYTES)) {
            foldLog(sqlite);
        }
        moveComplete(part, file);
    }

    /// @return the open file; null if it was damaged, and what can be read of it is rescued now
    private @Nullable Sqlite openIfSound()
            throws IOException, SQLException, NewerDatabaseException {
        // SQLite would take an empty file for a new database and delete the log beside it.
        boolean isThere = Files.exists(file) && Files.size(file) > 0;
        String suspicion = isThere ? Checkup.ofHead(file) : "it is empty";
        if (suspicion.isEmpty()) {
            Sqlite sqlite = null;
            try {
                sqlite = Sqlite.open(file, TerminalDatabase.CACHE_KILOBYTES);
            } catch (SQLException e) {
                suspicion = Checkup.ofRefusal(e);
            }
            if (sqlite != null) {
                return isSound(sqlite) ? sqlite : null;
            }
        }
        rescueTo(suspicion);
        return null;
    }

    /// @return whether it is; if not, what can be read of it is rescued now, and it is closed
    private boolean isSound(Sqlite sqlite)
            throws IOException, SQLException, NewerDatabaseException {
        String suspicion = "not looked at";
        try {
            suspicion = Checkup.of(sqlite);
            if (!suspicion.isEmpty()) {
                // Before it closes, because that folds the log into the damaged file.
                rescueTo(suspicion);
            }
            return suspicion.isEmpty();
        } finally {
            if (!suspicion.isEmpty()) {
                sqlite.close();
            }
        }
    }

    private void rescueTo(String verdict) throws IOException, SQLException, NewerDatabaseException {
        LOG.log(System.Logger.Level.ERROR, "{0} is damaged: {1}", file, verdict);
        Path part = beside(".rescue.part");
        deleteDatabase(part);
        Optional<Meta> known = readMeta();
        TerminalDatabase.make(part, wallMicros).close(); // makes the tables
        try (Sqlite sqlite = Sqlite.open(part, TerminalDatabase.CACHE_KILOBYTES)) {
            sqlite.<Long, IOException>transaction(connection -> {
                Rescued rescued = copyTaps(connection, known.map(Meta::acknowledged).orElse(0L));
                // Without it, a terminal that is offline could welcome nobody until the hub
                // answers.
                copy("cache", new Cache(sqlite)::takeOver);
                copy("list of heads", new Heads(sqlite)::takeOver);
                meta(known.orElse(null), rescued).write(sqlite);
                return rescued.count();
            });
            foldLog(sqlite);
        }
        moveComplete(part, rescue());
    }

    /// Closing does the same, but keeps silent when the disk is full, and the log stays behind.
    private static void foldLog(Sqlite sqlite) throws SQLException {
        try (var statement = sqlite.connection().createStatement()) {
            statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
    }

    private void moveComplete(Path part, Path to) throws IOException {
        try (FileChannel channel = FileChannel.open(part, java.nio.file.StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(part, to, StandardCopyOption.ATOMIC_MOVE);
        syncFolder();
    }

    private record Rescued(long count, long newest, Finds finds) {}

    /// What the scan came upon.
    private static final class Finds implements PageScan.Finding {
        private final PreparedStatement insert;
        private final Set<Long> mended = new TreeSet<>();
        private final Map<Long, String> unfit = new TreeMap<>();

        /// Those of the unfit that were not in doubt any more.
        private final Set<Long> settled = new TreeSet<>();

        Finds(PreparedStatement insert) {
            this.insert = insert;
        }

        @Override
        public void found(Journal.Row row) throws IOException {
            try {
                Seal.bind(insert, row.values());
                insert.executeUpdate();
            } catch (SQLException e) {
                throw new IOException(StorageFault.of(e).advice(), e);
            }
        }

        @Override
        public void mended(Journal.Row row) throws IOException {
            found(row);
            mended.add(row.event().sequence());
        }

        String sentences() {
            String right =
                    mended.isEmpty()
                            ? ""
                            : "Put right, because only one bit had changed: " + some(mended) + ". ";
            String lost =
                    unfit.isEmpty()
                            ? ""
                            : "Not believed any more, and missing at the hub unless a card brings"
                                    + " it: "
                                    + some(unfit.keySet())
                                    + ". ";
            return right + lost;
        }

        private static String some(Set<Long> taps) {
            String numbers =
                    taps.stream()
                            .limit(NAMED_MAX)
                            .map(String::valueOf)
                            .collect(Collectors.joining(", "));
            String first = taps.size() == 1 ? "tap " : "taps ";
            return first + numbers + (taps.size() > NAMED_MAX ? " and more" : "");
        }

        @Override
        public void unfit(long sequence, String kind, String text) {
            unfit.put(sequence, text);
            if (!kind.equals(Journal.DOUBT)) {
                settled.add(sequence);
            }
        }
    }

    private Rescued copyTaps(Connection connection, long acknowledged)
            throws SQLException, IOException {
        Finds finds;
        try (PreparedStatement insert =
                connection.prepareStatement(Journal.INSERT + UNLESS_SETTLED)) {
            finds = new Finds(insert);
            PageScan scan = new PageScan(finds);
            if (Files.exists(file)) {
                scan.scan(file);
            }
            scan.scanLog(beside("-wal"));
        }
        try (var statement = connection.createStatement()) {
            // Nothing in doubt travels, so this is an old page: the tap was settled long ago.
            statement.executeUpdate(
                    "DELETE FROM journal WHERE kind = 'DOUBT' AND sequence <= " + acknowledged);
            for (long sequence : finds.settled) {
                // What is left of it elsewhere is from before, and would be told as torn.
                statement.executeUpdate(
                        "DELETE FROM journal WHERE kind = 'DOUBT' AND sequence = " + sequence);
            }
            try (var rows = statement.executeQuery("SELECT sequence FROM journal")) {
                while (rows.next()) {
                    finds.unfit.remove(rows.getLong(1)); // another page had it whole
                }
            }
            finds.unfit.keySet().removeIf(sequence -> sequence <= acknowledged);
            finds.unfit.forEach((sequence, text) ->
                    LOG.log(
                            System.Logger.Level.ERROR,
                            "tap {0} cannot be believed any more: {1}",
                            sequence,
                            text));
            try (var row =
                    statement.executeQuery(
                            "SELECT count(*), coalesce(max(sequence), 0) FROM journal")) {
                row.next();
                return new Rescued(row.getLong(1), row.getLong(2), finds);
            }
        }
    }

    /// Takes over from the damaged file what SQLite can still read of it.
    @FunctionalInterface
    private interface Taking {
        void from(Connection damaged) throws SQLException;
    }

    private void copy(String what, Taking part) throws SQLException {
        if (!Files.exists(file)) {
            return;
        }
        try (Sqlite damaged = Sqlite.openReadOnly(file, TerminalDatabase.CACHE_KILOBYTES)) {
            part.from(damaged.connection());
        } catch (SQLException e) {
            if (StorageFault.of(e) == StorageFault.DISK_FULL) {
                throw e; // the taps written before it may have been taken back
            }
            LOG.log(System.Logger.Level.INFO, "the {0} is not whole: {1}", what, e.getMessage());
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
                note(rescued));
    }

    private String note(Rescued rescued) {
        long count = rescued.count();
        return "On "
                + Instant.EPOCH.plus(wallMicros, ChronoUnit.MICROS).truncatedTo(ChronoUnit.SECONDS)
                + " this terminal found its own file damaged. "
                + count
                + (count == 1 ? " tap was" : " taps were")
                + " rescued; the newest few may be missing. "
                + rescued.finds().sentences()
                + "Compare the day with your own list, and"
                + " give the file "
                + damagedName()
                + " to the coordinator. This notice goes when that file is taken out of the"
                + " folder. If it happens again, replace the memory card.";
    }

    private Optional<Meta> readMeta() {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (Sqlite sqlite = Sqlite.openReadOnly(file, TerminalDatabase.CACHE_KILOBYTES)) {
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
