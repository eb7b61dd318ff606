package org.hourtap.server.inbox;

import java.sql.SQLException;
import org.hourtap.contract.CardRecord;
import org.hourtap.server.books.Writing;

/// A tap that the hub had not heard of, from its terminal or from a card: posted, kept, counted.
final class NewTap {
    private NewTap() {}

    static TapPosting.Verdict take(Writing writing, TapFacts facts, Taps.Heard heard)
            throws SQLException {
        TapPosting.Verdict verdict = new TapPosting(writing, facts).post();
        new Taps(writing.sql()).keep(facts, heard, verdict);
        CardRecord record = facts.record();
        // Signed or not: what is in the balance and not counted, terminals would subtract twice.
        if (record != null) {
            new CardCounters(writing, facts.book())
                    .count(facts.event().card(), record.counter(), facts.mac(), facts.origin());
        }
        return verdict;
    }
}
