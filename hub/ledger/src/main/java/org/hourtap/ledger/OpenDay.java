package org.hourtap.ledger;

/// The business day that is open, which is everything since the last day close.
///
/// @param firstSequence the first position in the journal that belongs to it, from 1
/// @param sinceMicros when it began, microseconds since 1970
public record OpenDay(long firstSequence, long sinceMicros) {
    /// Of books of which no day was ever closed.
    public static final OpenDay EVER = new OpenDay(1, Long.MIN_VALUE);

    public OpenDay {
        if (firstSequence < 1) {
            throw new IllegalArgumentException("sequences start at 1: " + firstSequence);
        }
    }
}
