package org.hourtap.card;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.hourtap.card.testing.VirtualDesfire;
import org.junit.jupiter.api.Test;

/// One whole tap with its journal, in which something between card and door goes wrong.
class BrokenTapTest {
    /// UID, select, two passes, UID inside.
    private static final int IDENTIFYING = 5;

    private static final int SELECT = 1;

    /// A card with a few taps on it, the same each time.
    private static VirtualDesfire usedCard() throws Exception {
        VirtualDesfire card = Door.marysCard().build();
        for (int tap = 0; tap < 3; tap++) {
            Door.tap(Door.door(), card::answer);
            card.reset();
        }
        return card;
    }

    private interface Spoiling {
        byte[] spoil(int position, byte[] answer);
    }

    /// How the tap ended: the class of exception, or what came of it.
    private static String outcome(CardChannel card) {
        try (Authenticated proved = Door.door().identify(card)) {
            if (proved.journal().isEmpty()) {
                return proved.cardClass().name();
            }
            return "tap " + Door.tap(proved).value();
        } catch (CardLostException | CardRefusedException e) {
            assertThat(e.getMessage()).isNotBlank();
            return e.getClass().getSimpleName();
        }
    }

    private static CardChannel spoiled(VirtualDesfire card, Spoiling spoiling) {
        int[] count = {0};
        return command -> spoiling.spoil(count[0]++, card.answer(command));
    }

    private static List<byte[]> answersOfATap() throws Exception {
        List<byte[]> answers = new ArrayList<>();
        String outcome =
                outcome(
                        spoiled(
                                usedCard(),
                                (position, answer) -> {
                                    answers.add(answer);
                                    return answer;
                                }));
        assertThat(outcome).isEqualTo("tap 4");
        return answers;
    }

    @Test
    void everyBitOfEveryAnswerCounts() throws Exception {
        List<byte[]> answers = answersOfATap();
        assertThat(answers).hasSize(IDENTIFYING + 5);
        VirtualDesfire card = usedCard();
        VirtualDesfire.Image image = card.snapshot();
        for (int at = 0; at < answers.size(); at++) {
            for (int bit = 0; bit < 8 * answers.get(at).length; bit++) {
                card.restore(image);
                int spoiledAt = at;
                int flippedBit = bit;
                String outcome =
                        outcome(
                                spoiled(
                                        card,
                                        (position, answer) ->
                                                position == spoiledAt
                                                        ? CardJournalTest.flipped(
                                                                answer, flippedBit)
                                                        : answer));
                // A status that no DESFire gives makes a plain card of it, never more.
                List<String> allowed =
                        at == SELECT
                                ? List.of("CardRefusedException", "CardLostException", "UID_ONLY")
                                : List.of("CardRefusedException", "CardLostException");
                assertThat(outcome).as("answer %d, bit %d", at, bit).isIn(allowed);
            }
        }
    }

    /// Whoever spoils the answer to a commit must not make the door believe that it did not happen.
    @Test
    void aSpoiledAnswerToACommitIsDoubtAndNeverANo() throws Exception {
        int length = answersOfATap().getLast().length;
        VirtualDesfire card = usedCard();
        VirtualDesfire.Image image = card.snapshot();
        for (int bit = 0; bit < 8 * length; bit++) {
            card.restore(image);
            int flippedBit = bit;
            String outcome =
                    outcome(
                            spoiled(
                                    card,
                                    (position, answer) ->
                                            position == IDENTIFYING + 4
                                                    ? CardJournalTest.flipped(answer, flippedBit)
                                                    : answer));
            assertThat(outcome).as("bit %d", bit).isEqualTo("CardLostException");
            assertThat(card.counter()).isEqualTo(4);
        }
    }

    @Test
    void anAnswerCutShortOrDrawnOutIsNoticedWhereverItIs() throws Exception {
        List<byte[]> answers = answersOfATap();
        VirtualDesfire card = usedCard();
        VirtualDesfire.Image image = card.snapshot();
        for (int at = 0; at < answers.size(); at++) {
            for (int change = -answers.get(at).length; change < 20; change++) {
                card.restore(image);
                if (change == 0) {
                    continue;
                }
                int spoiledAt = at;
                int difference = change;
                String outcome =
                        outcome(
                                spoiled(
                                        card,
                                        (position, answer) ->
                                                position == spoiledAt
                                                        ? resized(answer, difference)
                                                        : answer));
                assertThat(outcome)
                        .as("answer %d, %d bytes", at, change)
                        .isNotEqualTo("tap 4")
                        .doesNotStartWith("DESFIRE");
            }
        }
    }

    private static byte[] resized(byte[] answer, int difference) {
        if (difference < 0) {
            return Bytes.last(answer, answer.length + difference);
        }
        return Bytes.join(new byte[difference], answer);
    }

    @Test
    void aReplayedTapIsRefused() throws Exception {
        List<byte[]> answers = answersOfATap();
        int[] count = {0};
        CardIdentifier another =
                new CardIdentifier(MasterKeys.forSpending(Door.MASTER), Door.random(99));
        assertThatExceptionOfType(CardRefusedException.class)
                .isThrownBy(() -> another.identify(command -> answers.get(count[0]++)))
                .satisfies(e -> assertThat(e.step()).isEqualTo(CardStep.EV2_PROOF));
    }

    @Test
    void anAnswerReplayedWithinASessionIsRefused() throws Exception {
        VirtualDesfire card = usedCard();
        byte[][] first = {Bytes.NONE};
        CardChannel replaying =
                command -> {
                    byte[] answer = card.answer(command);
                    if ((command[1] & 0xFF) != Instruction.READ_DATA) {
                        return answer;
                    }
                    if (first[0].length == 0) {
                        first[0] = answer;
                    }
                    return first[0];
                };
        try (Authenticated proved = Door.door().identify(replaying)) {
            CardJournal journal = proved.journal().orElseThrow();
            assertThat(journal.counter().value()).isEqualTo(3);
            assertThatExceptionOfType(CardRefusedException.class)
                    .isThrownBy(journal::counter)
                    .withMessageContaining("MAC is wrong");
        }
    }

    @Test
    void aCardThatAnswersNoiseAfterItsProofEndsTheTapAtOnce() throws Exception {
        for (long seed = 0; seed < 300; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            VirtualDesfire card = usedCard();
            int[] count = {0};
            String outcome =
                    outcome(command -> {
                        byte[] answer = card.answer(command);
                        if (count[0]++ < IDENTIFYING) {
                            return answer;
                        }
                        byte[] noise = new byte[random.nextInt(300)];
                        random.nextBytes(noise);
                        return Bytes.join(noise, Hex.bytes("9100"));
                    });
            assertThat(outcome).as("seed %d", seed).isEqualTo("CardRefusedException");
            assertThat(count[0]).isEqualTo(IDENTIFYING + 1);
        }
    }

    /// The door's part is to see the counter; what to make of it is decided with what is cached.
    @Test
    void anOldImageOfACardShowsInItsCounter() throws Exception {
        VirtualDesfire card = usedCard();
        VirtualDesfire.Image image = card.snapshot();
        assertThat(Door.tap(Door.door(), card::answer).value()).isEqualTo(4);
        card.restore(image);
        try (Authenticated proved = Door.door().identify(card::answer)) {
            assertThat(proved.journal().orElseThrow().counter().value()).isEqualTo(3);
        }
    }
}
