package org.hourtap.contract;

import java.util.List;

/// What the hub tells one terminal: how far its taps are in the ledger, and the cached rows that
/// changed. Both are read in one snapshot, so that a terminal which applies a whole page never
/// counts one of its own taps twice (once in the balance, once as not yet posted) nor not at all.
///
/// @param acknowledged every tap of this terminal up to here is in the ledger; −1 when the page is
///   not the last of its snapshot and therefore says nothing
/// @param outcomes what became of single taps, for staff; may be empty
/// @param since the cursor this page continues from; a terminal behind it asks again
/// @param upTo the cursor after this page
/// @param more whether rows after `upTo` exist already
/// @param hubMicros the hub's clock, microseconds since 1970
/// @param writer grows whenever another hub, or the same one anew, begins to write the book: what
///   was sent to the one before and not answered has to be sent again. 0 from a hub that does not
///   say
public record FeedPage(
        long acknowledged,
        List<EventOutcome> outcomes,
        long since,
        long upTo,
        boolean more,
        List<FeedRow> rows,
        long hubMicros,
        long writer)
        implements Message {
    /// Some 100 KB: a few milliseconds of the terminal's one thread, during which a tap would wait.
    public static final int ROWS_MAX = 500;

    /// The value of `acknowledged` that says nothing.
    public static final long NOT_SAID = -1;

    /// A page that does not say who writes the book.
    public FeedPage(
            long acknowledged,
            List<EventOutcome> outcomes,
            long since,
            long upTo,
            boolean more,
            List<FeedRow> rows,
            long hubMicros) {
        this(acknowledged, outcomes, since, upTo, more, rows, hubMicros, 0);
    }

    public FeedPage {
        outcomes = List.copyOf(outcomes);
        rows = List.copyOf(rows);
        if (rows.size() > ROWS_MAX || outcomes.size() > EventBatch.EVENTS_MAX) {
            throw new IllegalArgumentException("a page has at most 500 rows and 500 outcomes");
        }
        if (since < 0 || upTo < since || acknowledged < NOT_SAID || writer < 0) {
            throw new IllegalArgumentException("page: cursor or sequence out of range");
        }
        if (more && acknowledged != NOT_SAID) {
            throw new IllegalArgumentException("only the last page of a snapshot acknowledges");
        }
    }

    /// @return the same page, by this writer
    public FeedPage by(long newWriter) {
        return new FeedPage(acknowledged, outcomes, since, upTo, more, rows, hubMicros, newWriter);
    }
}
