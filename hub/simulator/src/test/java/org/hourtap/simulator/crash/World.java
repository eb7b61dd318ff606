package org.hourtap.simulator.crash;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hourtap.contract.CardId;
import org.hourtap.contract.FeedRow;
import org.hourtap.contract.FeedRow.CardRow;
import org.hourtap.contract.TapEvent;
import org.hourtap.contract.TransferId;
import org.hourtap.simulator.crash.Evidence.AccountRow;
import org.hourtap.simulator.crash.Evidence.FindingRow;
import org.hourtap.simulator.crash.Evidence.HubTap;
import org.hourtap.simulator.crash.Evidence.JournalRow;
import org.hourtap.simulator.crash.Evidence.Posting;
import org.hourtap.simulator.crash.Evidence.Shift;
import org.jspecify.annotations.Nullable;

/// A sound little world for the auditor, to be spoilt in one place: one member with one card, who
/// spends an hour at a door, is declined, tears a tap, and works a shift at a kiosk.
final class World {
    static final int PASSBACK_SECONDS = 60;
    static final long TAPPED_MICROS = 10_000_000;

    static final long ISSUANCE = 1;
    static final long MEMBER = 2;
    static final long VENUE = 3;

    static final TransferId SPEND = id(1);
    static final TransferId DECLINED = id(2);
    static final TransferId TORN = id(3);
    static final TransferId SHIFT_IN = id(4);
    static final TransferId SHIFT_OUT = id(5);

    private static final TransferId OPENING = id(7);
    private static final String CARD = "CARD-A";

    final List<Answer> answers = new ArrayList<>();
    final List<JournalRow> journal = new ArrayList<>();
    final List<HubTap> taps = new ArrayList<>();
    final List<Shift> shifts = new ArrayList<>();
    final List<Posting> postings = new ArrayList<>();
    final List<AccountRow> accounts = new ArrayList<>();
    final Map<String, CardRow> feed = new HashMap<>();
    final Map<String, CardRow> cache = new HashMap<>();
    final List<FindingRow> findings = new ArrayList<>();
    final List<String> damages = new ArrayList<>();

    World() {
        post(OPENING, ISSUANCE, MEMBER, 600, null, null);
        tap("door", 1, SPEND, "SPEND", 60, TAPPED_MICROS);
        tap("door", 2, DECLINED, "DECLINED", 0, 200_000_000);
        tap("door", 3, TORN, "TORN", 0, 300_000_000);
        tap("kiosk", 1, SHIFT_IN, "SHIFT_IN", 0, 400_000_000);
        tap("kiosk", 2, SHIFT_OUT, "SHIFT_OUT", 0, 500_000_000);
        post(SPEND, MEMBER, VENUE, 60, null, "door");
        post(TORN, MEMBER, VENUE, 60, null, "door");
        post(TORN.withLeg(8), VENUE, MEMBER, 60, TORN, "door");
        post(SHIFT_OUT, ISSUANCE, MEMBER, 60, null, "kiosk");
        answers.add(new Answer(CARD, "door", 9_000_000, 11_000_000, "WELCOME", false));
        answers.add(new Answer(CARD, "door", 12_000_000, 13_000_000, "WELCOME", true));
    }

    Evidence evidence() {
        return new Evidence(
                PASSBACK_SECONDS,
                answers,
                journal,
                taps,
                shifts,
                postings,
                accounts,
                feed,
                Map.of("door", cache),
                Map.of(CARD, "mair"),
                findings,
                damages);
    }

    /// The same card at the same door once more, all the way into the ledger.
    void spendAgain(long micros) {
        TransferId id = id(6);
        tap("door", 4, id, "SPEND", 60, micros);
        post(id, MEMBER, VENUE, 60, null, "door");
    }

    void tap(
            String terminal, long sequence, TransferId id, String kind, long minutes, long micros) {
        journal.add(new JournalRow(terminal, sequence, id, CARD, kind, minutes, "boot", micros));
        taps.add(new HubTap(terminal, sequence, id, CARD, kind, false));
    }

    void post(
            TransferId id,
            long debit,
            long credit,
            long minutes,
            @Nullable TransferId corrects,
            @Nullable String terminal) {
        postings.add(
                new Posting(postings.size() + 1L, id, debit, credit, minutes, corrects, terminal));
        book();
    }

    /// Takes a transfer out of the ledger without a trace.
    void withoutPosting(TransferId id) {
        List<Posting> kept = postings.stream().filter(posting -> !posting.id().equals(id)).toList();
        postings.clear();
        kept.forEach(posting ->
                post(
                        posting.id(),
                        posting.debit(),
                        posting.credit(),
                        posting.minutes(),
                        posting.corrects(),
                        posting.terminal()));
    }

    /// Makes accounts, feed and cache what the postings add up to.
    void book() {
        accounts.clear();
        accounts.add(account(ISSUANCE, "ISSUANCE", ""));
        accounts.add(account(MEMBER, "MEMBER", "mair"));
        accounts.add(account(VENUE, "VENUE", "pool"));
        AccountRow member = accounts.get(1);
        feed.put(CARD, card(CARD, member.credits() - member.debits()));
        cache.put(CARD, card(CARD, member.credits() - member.debits()));
    }

    static CardRow card(String card, long balance) {
        return new CardRow(
                new CardId(card),
                FeedRow.Status.ACTIVE,
                TapEvent.Proof.DESFIRE_EV2,
                balance,
                "en",
                null);
    }

    static TransferId id(int number) {
        return TransferId.mint(1_700_000_000_000L, number, (long) number << 4);
    }

    private AccountRow account(long number, String kind, String owner) {
        long debits = 0;
        long credits = 0;
        for (Posting posting : postings) {
            debits += posting.debit() == number ? posting.minutes() : 0;
            credits += posting.credit() == number ? posting.minutes() : 0;
        }
        return new AccountRow(number, kind, owner, debits, credits);
    }
}
