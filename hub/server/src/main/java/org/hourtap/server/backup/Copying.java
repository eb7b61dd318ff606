package org.hourtap.server.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.hourtap.runtime.DataFolder;
import org.hourtap.runtime.Role;
import org.hourtap.runtime.Roles;
import org.hourtap.runtime.Sqlite;
import org.hourtap.server.books.Bookkeeper;
import org.hourtap.server.books.UnavailableException;
import org.jspecify.annotations.Nullable;

/// Copies what the hub commits to a second place, a second or two behind: a proved snapshot, and
/// after it, from SQLite's log, the pages that each commit changed. So a restore brings back
/// everything: taps, cards and shifts as well as transfers, whatever the tables.
///
/// The log is folded into the database here, and only when all of it has been copied. Should the
/// second place be away, full or stuck for long, SQLite folds it by itself at a limit; that is
/// noticed by the log's salts, and the copy is begun anew. The books never wait for the copy.
public final class Copying implements AutoCloseable {
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration FOLD_WAIT_MAX = Duration.ofSeconds(5);

    /// Commits wait while it is folded: for so much, no longer than for a few others.
    private static final long FOLD_BYTES = 4 << 20;

    /// While folding, commits wait for readers this long at most.
    private static final int FOLD_PATIENCE_MS = 100;

    /// Rounds until folding is tried again when someone reads for long.
    private static final int FOLD_PAUSE = 30;

    /// 64 MB: what a day of some thousand taps leaves while the second place is away.
    private static final int LOG_PAGES_MAX = 16_384;

    /// In memory at once, and in one record.
    private static final long RECORD_BYTES = 8 << 20;

    /// Changes are begun anew after a new snapshot when they are this long and longer than it.
    private static final long CHANGES_BYTES = 64 << 20;

    /// Rounds until a new snapshot is tried again after one failed.
    private static final int BEGIN_PAUSE = 15;

    private static final String STAGE = "copy.part";

    private static final System.Logger LOG = System.getLogger(Copying.class.getName());

    private final Sqlite writer;
    private final Bookkeeper bookkeeper;
    private final Snapshot.Source hub;
    private final Path place;
    private final Generations generations;
    private final LongSupplier clockMicros;
    private final WriteAheadLog log;
    private final AtomicBoolean isStopping = new AtomicBoolean();
    private final AtomicReference<CopyState> state =
            new AtomicReference<>(
                    new CopyState(
                            CopyState.Kind.BEGINNING, "The first full copy is being made.", 0));
    private final Role role;

    // Confined to the role: all up to the position is in the current log, and in the next one.
    private WriteAheadLog.@Nullable Position position;
    private @Nullable ChangeLog current;
    private @Nullable ChangeLog next;
    private long snapshotBytes;
    private int foldPause;
    private int beginPause;

    private Copying(
            Sqlite writer,
            Bookkeeper bookkeeper,
            Snapshot.Source hub,
            Path place,
            Generations generations,
            LongSupplier clockMicros,
            Roles roles) {
        this.writer = writer;
        this.bookkeeper = bookkeeper;
        this.hub = hub;
        this.place = place;
        this.generations = generations;
        this.clockMicros = clockMicros;
        this.log = new WriteAheadLog(hub.database());
        this.role =
                roles.start(
                        "copying",
                        1,
                        1,
                        TICK,
                        this::round,
                        e -> LOG.log(System.Logger.Level.ERROR, "copying goes on after", e));
    }

    /// Starts copying. Nothing about the second place keeps the hub from starting.
    ///
    /// @param writer the bookkeeper's connection
    /// @param data the hub's data folder
    /// @param cardKeys the file with cards' keys the hub is set to, absent for none
    /// @param place an existing folder, on another disk
    public static Copying start(
            Sqlite writer,
            Bookkeeper bookkeeper,
            Path data,
            @Nullable Path cardKeys,
            String book,
            Path place,
            LongSupplier clockMicros,
            Roles roles)
            throws IOException, UnavailableException, InterruptedException {
        bookkeeper.between(
                () -> {
                    writer.keepLog(LOG_PAGES_MAX);
                    return true;
                },
                FOLD_WAIT_MAX);
        DurableFiles.delete(data.resolve(STAGE));
        return new Copying(
                writer,
                bookkeeper,
                new Snapshot.Source(data, cardKeys),
                place,
                new Generations(place, book, hubId(data)),
                clockMicros,
                roles);
    }

    /// @return how it stands; any thread
    public CopyState state() {
        return state.get().asOf(clockMicros.getAsLong(), place);
    }

    /// Copies what was committed last, if the second place is there, and stops.
    @Override
    public void close() {
        isStopping.set(true);
        // One more round, if the queue has room; if not, there is one already.
        boolean _ = role.offer(() -> {});
        role.close();
    }

    private void round() throws InterruptedException {
        try {
            if (!Files.isDirectory(place)) {
                throw new BackupProblem(
                        "The folder for the copy is not there: "
                                + place
                                + ". Plug its disk in, or make the folder, or correct backup.folder"
                                + " in hub.properties.");
            }
            copy();
            if (current != null) {
                tell(CopyState.Kind.GOOD, "All that was committed is in " + place + ".", now());
            }
        } catch (BackupProblem e) {
            stopped(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            sacrifice();
            stopped(
                    place
                            + " cannot be written ("
                            + e.getMessage()
                            + "). If it is full, free space there; if its disk is broken, replace"
                            + " it.");
        } catch (UnavailableException | SQLException e) {
            stopped("The hub's own disk does not answer well: " + e.getMessage());
        }
    }

    /// If the disk may be full, older copies go first.
    private void sacrifice() {
        try {
            generations.makeRoom(RECORD_BYTES);
        } catch (IOException | BackupProblem e) {
            LOG.log(System.Logger.Level.DEBUG, "no room made: {0}", e.getMessage());
        }
    }

    private void copy()
            throws IOException,
                    BackupProblem,
                    UnavailableException,
                    SQLException,
                    InterruptedException {
        try {
            if (current != null) {
                ship();
            }
        } catch (WriteAheadLog.GapException | ChangeLog.LostException e) {
            LOG.log(System.Logger.Level.INFO, "the copy begins anew: {0}", e.getMessage());
            current = null;
        }
        ChangeLog growing = current;
        if (growing == null || growing.length() > Math.max(CHANGES_BYTES, snapshotBytes)) {
            if (!isStopping.get() && --beginPause < 0) {
                beginPause = BEGIN_PAUSE;
                begin(growing != null);
            }
        }
        if (current != null) {
            fold();
        }
    }

    /// Copies all that is committed to the logs that grow.
    private void ship() throws IOException, WriteAheadLog.GapException, ChangeLog.LostException {
        WriteAheadLog.Position from = position;
        while (from != null) {
            WriteAheadLog.Commits commits = log.read(from, RECORD_BYTES);
            if (commits == null) {
                return;
            }
            if (current != null) {
                current.append(now(), commits);
            }
            if (next != null) {
                next.append(now(), commits);
            }
            from = commits.end();
            position = from;
        }
    }

    private void begin(boolean mayWait) throws IOException, BackupProblem, InterruptedException {
        try {
            begin();
        } catch (IOException | BackupProblem e) {
            if (!mayWait || current == null) {
                throw e;
            }
            // What there is goes on growing meanwhile.
            LOG.log(System.Logger.Level.WARNING, "no new copy yet: {0}", e.getMessage());
        }
    }

    /// Makes a new snapshot at the second place, with all changes since just before it: pages that
    /// it has already are written twice, which changes nothing.
    private void begin() throws IOException, BackupProblem, InterruptedException {
        Path stage = hub.folder().resolve(STAGE);
        try {
            if (!find()) {
                beginPause = 0;
                return;
            }
            generations.clear();
            generations.makeRoom(Files.size(hub.database()) + log.size());
            DurableFiles.delete(stage);
            DataFolder.make(stage);
            String name = generations.name(now());
            Manifest manifest = Snapshot.fill(hub, stage, name, now(), _ -> {});
            Path part = place.resolve(name + Snapshot.PART);
            DataFolder.make(part);
            next = ChangeLog.begin(part, name);
            for (Manifest.Item item : manifest.files()) {
                Path to = part.resolve(item.path());
                DataFolder.make(Snapshot.folderOf(to));
                DurableFiles.copy(stage.resolve(item.path()), to, this::keepUp);
                if (!DurableFiles.hash(to, this::keepUp).equals(item.hash())) {
                    throw new BackupProblem(
                            place + " does not keep what is written to it. Replace its disk.");
                }
            }
            ship();
            manifest.write(part);
            Snapshot.publish(part, place.resolve(name));
            next.movedTo(place.resolve(name));
            current = next;
            snapshotBytes = Files.size(hub.database());
            beginPause = 0;
            generations.thin();
        } catch (WriteAheadLog.GapException | ChangeLog.LostException e) {
            current = null;
            throw new BackupProblem(
                    place + " is too slow for what the hub writes. Use a faster disk.", e);
        } finally {
            next = null;
            DurableFiles.delete(stage);
        }
    }

    /// Finds the end of the log when nothing is being copied.
    ///
    /// @return whether there is one; the next commit makes it
    private boolean find() throws IOException, WriteAheadLog.GapException, ChangeLog.LostException {
        if (current != null) {
            ship();
            return true;
        }
        WriteAheadLog.Position end = log.end();
        if (end != null) {
            position = end;
            return true;
        }
        // Emptied by us, and nothing was committed since.
        return position != null && position.offset() == 0;
    }

    private void keepUp() throws IOException, BackupProblem {
        if (isStopping.get()) {
            throw new BackupProblem("The hub is stopping.");
        }
        try {
            ship();
        } catch (WriteAheadLog.GapException | ChangeLog.LostException e) {
            current = null;
            throw new BackupProblem(
                    place + " is too slow for what the hub writes. Use a faster disk.", e);
        }
    }

    private void fold() throws UnavailableException, IOException, InterruptedException {
        WriteAheadLog.Position all = position;
        if (all == null || log.size() < FOLD_BYTES || --foldPause >= 0) {
            return;
        }
        boolean isEmpty =
                bookkeeper.between(
                        () -> log.read(all, 1) == null && writer.restartLog(FOLD_PATIENCE_MS),
                        FOLD_WAIT_MAX);
        if (isEmpty) {
            position = all.next();
        }
        foldPause = isEmpty ? 0 : FOLD_PAUSE;
    }

    private long now() {
        return clockMicros.getAsLong();
    }

    private void stopped(String why) {
        tell(
                CopyState.Kind.STOPPED,
                why + " The books go on; nothing is copied meanwhile.",
                state.get().copiedMicros());
    }

    private void tell(CopyState.Kind kind, String sentence, long copiedMicros) {
        CopyState before = state.getAndSet(new CopyState(kind, sentence, copiedMicros));
        if (before.kind() != kind) {
            LOG.log(
                    kind == CopyState.Kind.STOPPED
                            ? System.Logger.Level.WARNING
                            : System.Logger.Level.INFO,
                    "copy: {0}",
                    sentence);
        }
    }

    /// The certificate authority is made once, and comes back with a restore.
    private static String hubId(Path data) throws IOException {
        Path authority = data.resolve(Snapshot.CERTIFICATES).resolve("authority.pem");
        if (!Files.exists(authority)) {
            return "00000000";
        }
        byte[] hash = DurableFiles.sha256().digest(Files.readAllBytes(authority));
        return java.util.HexFormat.of().formatHex(hash, 0, 4);
    }
}
