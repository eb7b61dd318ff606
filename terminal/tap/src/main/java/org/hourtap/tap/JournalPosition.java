package org.hourtap.tap;

/// Where a terminal's journal and cache stand.
///
/// @param last newest sequence given out, 0 before the first tap
/// @param acknowledged everything up to here is in the ledger
/// @param oldest oldest sequence still held, `last + 1` when the journal is empty
/// @param cursor feed position of the cache
public record JournalPosition(long last, long acknowledged, long oldest, long cursor) {
    public JournalPosition {
        if (last < 0 || acknowledged < 0 || oldest < 1 || cursor < 0) {
            throw new IllegalArgumentException("position out of range");
        }
    }
}
