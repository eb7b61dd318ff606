package org.hourtap.simulator.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.hourtap.contract.TransferId;
import org.hourtap.simulator.crash.Breach.Kind;
import org.hourtap.simulator.crash.Evidence.AccountRow;
import org.hourtap.simulator.crash.Evidence.FindingRow;
import org.hourtap.simulator.crash.Evidence.HubTap;
import org.hourtap.simulator.crash.Evidence.JournalRow;
import org.hourtap.simulator.crash.Evidence.Posting;
import org.hourtap.simulator.crash.Evidence.Shift;
import org.junit.jupiter.api.Test;

/// Each kind of breach is made on purpose in evidence that is otherwise sound, and is found.
class AuditorTest {
    private final World world = new World();

    @Test
    void soundEvidenceHasNoBreach() {
        assertThat(audited()).isEmpty();
    }

    @Test
    void aWelcomeThatIsInNoJournalIsLost() {
        world.answers.add(new Answer("CARD-B", "door", 80_000_000, 81_000_000, "WELCOME", false));
        assertThat(audited()).containsExactly(Kind.LOST);
    }

    @Test
    void aWelcomeBeforeItsTapWasJournalledIsLost() {
        Answer answer = world.answers.getFirst();
        world.answers.set(
                0,
                new Answer(
                        answer.card(),
                        answer.terminal(),
                        answer.sinceMicros(),
                        World.TAPPED_MICROS - 1,
                        answer.state(),
                        false));
        assertThat(audited()).containsExactly(Kind.LOST);
    }

    @Test
    void aRepeatMayRestOnATapWithinTheWindowAndNoOlder() {
        long within = World.TAPPED_MICROS + (World.PASSBACK_SECONDS - 1) * 1_000_000L;
        world.answers.add(new Answer("CARD-A", "door", within, within + 1, "WELCOME", true));
        assertThat(audited()).isEmpty();
        long after = World.TAPPED_MICROS + (World.PASSBACK_SECONDS + 1) * 1_000_000L;
        world.answers.add(new Answer("CARD-A", "door", after, after + 1, "WELCOME", true));
        assertThat(audited()).containsExactly(Kind.LOST);
    }

    @Test
    void anAnswerThatIsNoWelcomeNeedsNoTap() {
        for (String state : List.of("PLEASE_ASK", "HOLD_AGAIN", "OUT_OF_SERVICE", "NOTHING")) {
            world.answers.add(new Answer("CARD-B", "door", 80_000_000, 81_000_000, state, false));
        }
        assertThat(audited()).isEmpty();
    }

    @Test
    void aJournalledTapThatTheHubDoesNotHaveIsLost() {
        world.taps.remove(1);
        assertThat(audited()).containsExactly(Kind.LOST);
    }

    @Test
    void aSpendWithoutItsTransferIsLost() {
        world.withoutPosting(World.SPEND);
        assertThat(audited()).contains(Kind.LOST).doesNotContain(Kind.TWICE);
    }

    @Test
    void aShiftThatIsNotPaidIsLostUnlessSomeoneIsAskedWhy() {
        world.withoutPosting(World.SHIFT_OUT);
        assertThat(audited()).contains(Kind.LOST);
        world.findings.add(new FindingRow("NO_OPEN_SHIFT", "kiosk", 2, ""));
        assertThat(audited()).doesNotContain(Kind.LOST);
    }

    @Test
    void hoursThatNobodyCanHaveWorkedHaveNoFoundationUnlessSomeoneIsAskedWhy() {
        world.withoutPosting(World.SHIFT_OUT);
        world.post(World.SHIFT_OUT, World.ISSUANCE, World.MEMBER, 120, null, "kiosk");
        assertThat(audited()).contains(Kind.UNFOUNDED);
        world.findings.add(new FindingRow("SHIFT_TOO_LONG", "kiosk", 2, ""));
        assertThat(audited()).doesNotContain(Kind.UNFOUNDED);
    }

    @Test
    void aGapInAJournalIsALoss() {
        world.journal.removeIf(row -> row.id().equals(World.DECLINED));
        world.taps.removeIf(tap -> tap.id().equals(World.DECLINED));
        assertThat(audited()).containsExactly(Kind.LOST);
    }

    @Test
    void oneEntryInTwoTapsIsTwice() {
        world.spendAgain(World.TAPPED_MICROS + 3_000_000);
        assertThat(audited()).containsExactly(Kind.TWICE);
    }

    @Test
    void theSameDoorAfterTheWindowIsAnotherEntry() {
        world.spendAgain(World.TAPPED_MICROS + World.PASSBACK_SECONDS * 1_000_000L);
        assertThat(audited()).isEmpty();
    }

    @Test
    void aTapPostedInTwoLegsOfItsWholePriceIsTwice() {
        world.post(World.SPEND.withLeg(1), World.MEMBER, World.VENUE, 60, null, "door");
        assertThat(audited()).containsExactly(Kind.TWICE);
    }

    @Test
    void anIdThatIsPostedTwiceIsTwice() {
        world.post(World.SHIFT_OUT, World.ISSUANCE, World.MEMBER, 60, null, "kiosk");
        assertThat(audited()).contains(Kind.TWICE);
    }

    @Test
    void aTapThatTheHubHasTwiceIsTwice() {
        world.taps.add(world.taps.getFirst());
        assertThat(audited()).containsExactly(Kind.TWICE);
    }

    @Test
    void aTornTapThatStaysPostedHasNoFoundation() {
        world.postings.removeIf(posting -> posting.corrects() != null);
        world.book();
        assertThat(audited()).contains(Kind.UNFOUNDED).doesNotContain(Kind.LOST);
    }

    @Test
    void aTapThatNoTerminalWroteHasNoFoundation() {
        world.taps.add(new HubTap("door", 9, World.id(9), "CARD-A", "SPEND", false));
        assertThat(audited()).containsExactly(Kind.UNFOUNDED);
    }

    @Test
    void aTransferWithoutATapHasNoFoundation() {
        world.post(World.id(9), World.MEMBER, World.VENUE, 60, null, "door");
        assertThat(audited()).containsExactly(Kind.UNFOUNDED);
    }

    @Test
    void aTapThatTheHubKnowsAsAnotherHasNoFoundation() {
        HubTap tap = world.taps.getFirst();
        world.taps.set(
                0,
                new HubTap(tap.terminal(), tap.sequence(), tap.id(), "CARD-B", tap.kind(), false));
        assertThat(audited()).containsExactly(Kind.UNFOUNDED);
    }

    @Test
    void aBalanceThatItsPostingsDoNotAddUpToIsUnbalanced() {
        AccountRow member = world.accounts.remove(1);
        world.accounts.add(
                new AccountRow(
                        member.number(),
                        member.kind(),
                        member.owner(),
                        member.debits(),
                        member.credits() + 1));
        assertThat(audited()).contains(Kind.UNBALANCED);
    }

    @Test
    void anOverdrawnMemberIsUnbalanced() {
        world.post(World.id(8), World.MEMBER, World.VENUE, 100_000, null, null);
        assertThat(audited()).containsExactly(Kind.UNBALANCED);
    }

    @Test
    void aGapInTheLedgerIsUnbalanced() {
        Posting last = world.postings.removeLast();
        world.postings.add(
                new Posting(
                        last.sequence() + 1,
                        last.id(),
                        last.debit(),
                        last.credit(),
                        last.minutes(),
                        last.corrects(),
                        last.terminal()));
        assertThat(audited()).containsExactly(Kind.UNBALANCED);
    }

    @Test
    void aPostingOnNoAccountIsUnbalanced() {
        world.accounts.removeIf(account -> account.number() == World.VENUE);
        assertThat(audited()).contains(Kind.UNBALANCED);
    }

    @Test
    void aCacheThatIsNotTheFeedIsFound() {
        world.cache.put("CARD-A", World.card("CARD-A", 1));
        assertThat(audited()).containsExactly(Kind.CACHE);
        world.cache.remove("CARD-A");
        assertThat(audited()).containsExactly(Kind.CACHE);
    }

    @Test
    void aFeedThatIsNotTheLedgerIsFound() {
        world.feed.put("CARD-A", World.card("CARD-A", 1));
        world.cache.put("CARD-A", World.card("CARD-A", 1));
        assertThat(audited()).containsExactly(Kind.CACHE);
    }

    @Test
    void aDoubtThatStaysOpenIsFound() {
        world.journal.add(
                new JournalRow("door", 4, World.id(9), "CARD-A", "DOUBT", 60, "boot", 900_000_000));
        assertThat(audited()).containsExactly(Kind.DOUBT);
    }

    @Test
    void aFindingThatNoMishapExplainsIsFound() {
        world.findings.add(new FindingRow("SHORTFALL", "door", 1, ""));
        assertThat(audited()).isEmpty();
        for (String kind : List.of("CONFLICTING", "CARD_GAP", "WRONG_MAC", "MISSING_TAPS")) {
            world.findings.add(new FindingRow(kind, "door", 1, ""));
        }
        assertThat(audited())
                .containsExactly(Kind.FINDING, Kind.FINDING, Kind.FINDING, Kind.FINDING);
    }

    @Test
    void shiftsThatOverlapAreExplainedByATapThatTheHubHeardOfLateAndByNothingElse() {
        TransferId earlier = World.id(20);
        world.findings.add(new FindingRow("SHIFTS_OVERLAP", "kiosk", 2, ""));
        world.shifts.add(new Shift("mair", World.SHIFT_IN, World.SHIFT_OUT, 400, 500, 0));
        world.shifts.add(new Shift("mair", World.id(19), earlier, 350, 450, 60));
        assertThat(audited()).containsExactly(Kind.FINDING);

        HubTap late = new HubTap("kiosk", 9, earlier, "CARD-A", "SHIFT_OUT", true);
        world.taps.add(late);
        assertThat(audited()).doesNotContain(Kind.FINDING);

        world.shifts.set(1, new Shift("mair", World.id(19), earlier, 350, 399, 60));
        assertThat(audited()).as("it does not meet the shift").contains(Kind.FINDING);
        world.shifts.set(1, new Shift("nia", World.id(19), earlier, 350, 450, 60));
        assertThat(audited()).as("it is somebody else's").contains(Kind.FINDING);
        world.shifts.set(1, new Shift("mair", World.id(19), earlier, 350, 450, 0));
        assertThat(audited()).as("it has no hours").contains(Kind.FINDING);
    }

    @Test
    void aDamagedFileIsFound() {
        world.damages.add("terminal.db: row 3 missing from index");
        assertThat(audited()).containsExactly(Kind.DAMAGE);
    }

    @Test
    void theSameIdInTwoJournalsIsTwice() {
        TransferId id = World.SPEND;
        world.journal.add(
                new JournalRow("kiosk", 3, id, "CARD-B", "SPEND", 60, "boot", 900_000_000));
        assertThat(audited()).contains(Kind.TWICE);
    }

    private List<Kind> audited() {
        return Auditor.audit(world.evidence()).stream().map(Breach::kind).toList();
    }
}
