package org.hourtap.device.sqlite;

import java.util.Optional;
import org.hourtap.contract.ClockReading;
import org.hourtap.contract.FeedRow.ProfileRow;
import org.hourtap.contract.SignedHead;
import org.hourtap.tap.StoreException;
import org.hourtap.tap.TerminalStore;

/// The store as the terminal's desk keeps it: what taps need, and the upkeep between them.
public interface DeskStore extends TerminalStore, AutoCloseable {
    /// Forgets a bounded number of taps that are in the ledger and older than two weeks.
    ///
    /// @return how many
    int purge(ClockReading now) throws StoreException;

    /// Keeps what the hub said of its journal, as a witness: one head for each day, see [Heads].
    void keep(SignedHead head, ClockReading now) throws StoreException;

    /// Writes without changing anything, to find out whether writing works again.
    void probe() throws StoreException;

    /// @return what the hub set this terminal up for, empty until it did
    Optional<ProfileRow> profile() throws StoreException;

    /// @return for staff: that this store was damaged once and what became of it. Shown for as long
    ///   as the damaged file is in the folder
    Optional<String> salvageNote() throws StoreException;

    @Override
    void close();
}
