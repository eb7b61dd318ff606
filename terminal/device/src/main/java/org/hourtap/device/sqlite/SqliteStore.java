package org.hourtap.device.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.hourtap.contract.CardId;
import org.hourtap.contract.ClockReading;
import org.hourtap.contract.FeedRow;
import org.hourtap.contract.FeedRow.ProfileRow;
import org.hourtap.contract.SignedHead;
import org.hourtap.contract.TapEvent;
import org.hourtap.contract.TransferId;
import org.hourtap.runtime.NewerDatabaseException;
import org.hourtap.runtime.Sqlite;
import org.hourtap.runtime.StorageFault;
import org.hourtap.tap.CardMemory;
import org.hourtap.tap.HeldTaps;
import org.hourtap.tap.JournalLine;
import org.hourtap.tap.JournalPosition;
import org.hourtap.tap.Standing;
import org.hourtap.tap.StoreException;
import org.jspecify.annotations.Nullable;

/// The terminal's store in one SQLite file. Each call is at most one transaction, so that a failure
/// leaves nothing half done; after a failure the next call simply tries again, and after damage it
/// first opens the file afresh, which rescues what can be read. Confined to the tap thread.
public final class SqliteStore implements DeskStore {
    /// Two weeks of outage at a thousand taps a day, three times over. Beyond that a terminal that
    /// goes on would promise hours that nobody will ever see.
    public static final int WAITING_MAX = 50_000;

    /// How long staff can look back at the terminal itself.
    private static final long KEPT_MICROS = TimeUnit.DAYS.toMicros(14);

    /// Deleted at once, so that a tap never waits behind the purge.
    private static final int PURGE_ROWS_MAX = 500;

    private static final System.Logger LOG = System.getLogger(SqliteStore.class.getName());

    private final Path file;
    private final LongSupplier wallMicros;
    private @Nullable TerminalDatabase database;
    private boolean isStale;

    /// What was found wrong with the file, empty if nothing is.
    private String suspicion = "";

    /// One call on the open database.
    @FunctionalInterface
    private interface Step<T> {
        T run(TerminalDatabase database) throws SQLException;
    }

    private SqliteStore(Path file, LongSupplier wallMicros) {
        this.file = file;
        this.wallMicros = wallMicros;
    }

    /// Opens the store, makes it if there is none, and mends it if it is damaged.
    ///
    /// @param wallMicros microseconds since 1970, to name a damaged file by
    public static SqliteStore open(Path file, LongSupplier wallMicros)
            throws StoreException, NewerDatabaseException {
        SqliteStore store = new SqliteStore(file, wallMicros);
        store.database = store.opened();
        return store;
    }

    @Override
    public Standing standing(CardId card, boolean online) throws StoreException {
        return with(open -> open.standing(card, online));
    }

    @Override
    public CardMemory memory(CardId card) throws StoreException {
        return with(open -> open.memory(card));
    }

    @Override
    public HeldTaps held(List<TransferId> taps) throws StoreException {
        return with(open -> open.held(taps));
    }

    @Override
    public void record(TapEvent event, String text, long seen) throws StoreException {
        write(Journal.Row.of(event, text, seen));
    }

    @Override
    public void doubt(TapEvent event, String text) throws StoreException {
        write(Journal.Row.inDoubt(event, text));
    }

    private void write(Journal.Row row) throws StoreException {
        with(open -> {
            long next = open.position().last() + 1;
            if (row.event().sequence() != next) {
                throw new IllegalArgumentException(
                        "the next tap is " + next + ", not " + row.event().sequence());
            }
            if (open.waiting() >= WAITING_MAX) {
                throw new FullException();
            }
            open.record(row);
            return row;
        });
    }

    @Override
    public void settle(TapEvent event, String text) throws StoreException {
        with(open -> {
            open.settle(event, text);
            return event;
        });
    }

    @Override
    public List<TapEvent> doubts() throws StoreException {
        return with(TerminalDatabase::doubts);
    }

    @Override
    public JournalPosition position() throws StoreException {
        return with(TerminalDatabase::position);
    }

    @Override
    public List<JournalLine> after(long sequence, int max) throws StoreException {
        return with(open -> open.after(sequence, max));
    }

    @Override
    public void apply(List<FeedRow> rows, boolean restart, JournalPosition position)
            throws StoreException {
        with(open -> {
            open.apply(rows, restart, position);
            return position;
        });
    }

    @Override
    public long nextEpoch() throws StoreException {
        return with(TerminalDatabase::nextEpoch);
    }

    @Override
    public int purge(ClockReading now) throws StoreException {
        return with(open -> open.purge(now, KEPT_MICROS, PURGE_ROWS_MAX));
    }

    @Override
    public void keep(SignedHead head, ClockReading now) throws StoreException {
        with(open -> {
            open.keep(head, now);
            return head;
        });
    }

    @Override
    public void probe() throws StoreException {
        with(open -> {
            open.probe();
            return file;
        });
    }

    /// @return how many taps the hub has not acknowledged
    public long waiting() throws StoreException {
        return with(TerminalDatabase::waiting);
    }

    @Override
    public Optional<ProfileRow> profile() throws StoreException {
        return Optional.ofNullable(this.<@Nullable ProfileRow>with(TerminalDatabase::profile));
    }

    @Override
    public Optional<String> salvageNote() throws StoreException {
        String note = with(TerminalDatabase::salvage);
        return note.isEmpty() || !Salvage.isKept(file) ? Optional.empty() : Optional.of(note);
    }

    @Override
    public void close() {
        TerminalDatabase open = database;
        database = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                LOG.log(System.Logger.Level.WARNING, "the store did not close cleanly", e);
            }
        }
    }

    /// For tests that fill the disk.
    Connection connection() throws StoreException {
        return with(TerminalDatabase::connection);
    }

    private <T extends @Nullable Object> T with(Step<T> step) throws StoreException {
        TerminalDatabase open = reopened();
        try {
            return step.run(open);
        } catch (FullException e) {
            throw new StoreException(String.valueOf(e.getMessage()), e);
        } catch (SQLException e) {
            StorageFault fault = StorageFault.of(e);
            isStale = true;
            if (fault == StorageFault.DAMAGED) {
                suspicion = String.valueOf(e.getMessage());
                close(); // the next call opens afresh and rescues what it can
            }
            throw new StoreException(fault.advice(), e);
        }
    }

    private TerminalDatabase reopened() throws StoreException {
        TerminalDatabase open = database;
        if (open == null) {
            try {
                open = opened();
            } catch (NewerDatabaseException e) {
                throw new StoreException("The store was replaced while this program ran.", e);
            }
            database = open;
            isStale = false;
        } else if (isStale) {
            renew(open);
        }
        return open;
    }

    private void renew(TerminalDatabase open) throws StoreException {
        try {
            open.renew();
            isStale = false;
        } catch (SQLException e) {
            close();
            throw new StoreException(StorageFault.of(e).advice(), e);
        }
    }

    private TerminalDatabase opened() throws StoreException, NewerDatabaseException {
        long now = wallMicros.getAsLong();
        try {
            Sqlite sqlite = Salvage.openMended(file, now, suspicion);
            suspicion = "";
            return openedOrMended(sqlite, now);
        } catch (SQLException e) {
            throw new StoreException(StorageFault.of(e).advice(), e);
        } catch (IOException e) {
            throw new StoreException(adviceOn(e), e);
        }
    }

    /// SQLite finds nothing wrong with numbers and documents that are not what was written.
    private TerminalDatabase openedOrMended(Sqlite sqlite, long now)
            throws SQLException, IOException, NewerDatabaseException {
        try {
            return TerminalDatabase.on(sqlite, now);
        } catch (SQLException e) {
            if (StorageFault.of(e) != StorageFault.DAMAGED) {
                throw e;
            }
            String found = String.valueOf(e.getMessage());
            return TerminalDatabase.on(Salvage.openMended(file, now, found), now);
        }
    }

    private String adviceOn(IOException e) {
        Path folder = file.toAbsolutePath().getParent();
        boolean isWritable = folder != null && Files.isWritable(folder);
        String said = String.valueOf(e.getMessage());
        if (isWritable && said.contains("No space left")) {
            return StorageFault.DISK_FULL.advice();
        }
        return isWritable ? StorageFault.DISK_ERROR.advice() : StorageFault.READ_ONLY.advice();
    }

    /// The outbox is full: unlike a full disk, only the hub can help.
    private static final class FullException extends SQLException {
        private static final long serialVersionUID = 1L;

        FullException() {
            super(
                    WAITING_MAX
                            + " taps wait for the hub, and that is all this terminal keeps."
                            + " Connect it to the hub; work goes on by itself then.");
        }
    }
}
