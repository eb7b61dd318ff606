package org.hourtap.simulator.crash;

import java.util.List;
import java.util.Map;
import org.hourtap.contract.FeedRow.CardRow;
import org.hourtap.contract.TransferId;
import org.jspecify.annotations.Nullable;

/// Everything that people were shown and that the files say, as plain values.
///
/// @param passbackSeconds the same card again at the same terminal within this is a repeat
/// @param feed the hub's newest row for each card, which every cache has to equal
/// @param caches what each terminal knows of each card, by terminal
/// @param owners the member of each card
/// @param damages what is wrong with files as files
public record Evidence(
        int passbackSeconds,
        List<Answer> answers,
        List<JournalRow> journal,
        List<HubTap> taps,
        List<Shift> shifts,
        List<Posting> postings,
        List<AccountRow> accounts,
        Map<String, CardRow> feed,
        Map<String, Map<String, CardRow>> caches,
        Map<String, String> owners,
        List<FindingRow> findings,
        List<String> damages) {
    /// A row of a terminal's journal.
    ///
    /// @param micros since the boot `bootId`
    record JournalRow(
            String terminal,
            long sequence,
            TransferId id,
            String card,
            String kind,
            long minutes,
            String bootId,
            long micros) {
        boolean isWelcome() {
            return kind.equals("SPEND") || kind.startsWith("SHIFT_");
        }
    }

    /// A tap as the hub keeps it.
    ///
    /// @param isLate whether the hub heard of it from a card before its terminal told of it, or
    ///   minutes after it happened
    record HubTap(
            String terminal,
            long sequence,
            TransferId id,
            String card,
            String kind,
            boolean isLate) {}

    /// A shift that ended, by the hub's clock.
    record Shift(
            String member,
            TransferId begun,
            TransferId ended,
            long sinceMicros,
            long untilMicros,
            long minutes) {
        boolean overlaps(Shift other) {
            return sinceMicros <= other.untilMicros && other.sinceMicros <= untilMicros;
        }
    }

    /// A transfer in the ledger.
    ///
    /// @param debit the account's number
    /// @param corrects the transfer it takes back, absent if none
    /// @param terminal whose tap caused it, absent if none did
    record Posting(
            long sequence,
            TransferId id,
            long debit,
            long credit,
            long minutes,
            @Nullable TransferId corrects,
            @Nullable String terminal) {}

    /// An account with its kept totals.
    record AccountRow(long number, String kind, String owner, long debits, long credits) {}

    /// Something the hub wants a person to look at.
    record FindingRow(String kind, String terminal, long sequence, String note) {}
}
