package org.hourtap.card;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.hourtap.card.testing.VirtualDesfire;
import org.hourtap.contract.CardRecord;
import org.junit.jupiter.api.Test;

/// The taps a card carries, against a card that shares no code with us.
class CardJournalTest {
    private final VirtualDesfire card = Door.marysCard().build();
    private final CardIdentifier door = Door.door();

    private static CardJournal journal(Authenticated proved) {
        return proved.journal().orElseThrow();
    }

    private static List<CardRecord> records(long first, long last) {
        return LongStream.rangeClosed(first, last).mapToObj(Door::record).toList();
    }

    @Test
    void aNewCardHasCounterZeroAndNoRecords() throws Exception {
        try (Authenticated proved = door.identify(card::answer)) {
            assertThat(journal(proved).counter()).isEqualTo(new CardCounter(0, "0000000000000000"));
            assertThat(journal(proved).newest(16)).isEmpty();
        }
    }

    @Test
    void aTapIsOnTheCardOnceItIsCommitted() throws Exception {
        CardCounter after = Door.tap(door, card::answer);
        assertThat(after.value()).isEqualTo(1);
        assertThat(card.records()).containsExactly(Door.record(1).bytes());
        try (Authenticated proved = door.identify(card::answer)) {
            assertThat(journal(proved).counter()).isEqualTo(after);
            assertThat(journal(proved).newest(1)).isEqualTo(records(1, 1));
        }
    }

    @Test
    void theCardsMacIsTheOneTheHubComputesWhateverWasReadBefore() throws Exception {
        byte[] master = VirtualDesfire.testMaster(Door.MASTER, CardLayout.TMAC_KEY);
        byte[] input = KeyDiversifier.input(Door.MARY, CardLayout.APPLICATION, CardLayout.TMAC_KEY);
        try (AesKey tmacMaster = AesKey.of(master);
                AesKey key = KeyDiversifier.diversify(tmacMaster, input)) {
            for (long counter = 1; counter <= 20; counter++) {
                CardCounter after = Door.tap(door, card::answer);
                assertThat(after)
                        .isEqualTo(
                                new CardCounter(
                                        counter,
                                        TransactionMac.of(key, Door.MARY, Door.record(counter))));
            }
            // Nothing read at all, and two taps in one session.
            try (Authenticated proved = door.identify(card::answer)) {
                for (long counter = 21; counter <= 22; counter++) {
                    journal(proved).append(Door.record(counter));
                    assertThat(journal(proved).commit().mac())
                            .isEqualTo(TransactionMac.of(key, Door.MARY, Door.record(counter)));
                }
            }
        }
    }

    @Test
    void theNewestRecordsComeOldestFirstHoweverManyAreAsked() throws Exception {
        for (int tap = 0; tap < 20; tap++) {
            Door.tap(door, card::answer);
        }
        for (int count = 1; count <= CardJournal.CAPACITY; count++) {
            try (Authenticated proved = door.identify(card::answer)) {
                assertThat(journal(proved).newest(count)).isEqualTo(records(21 - count, 20));
            }
        }
    }

    @Test
    void aCardWithFewerRecordsIsAskedForNoMoreThanItHas() throws Exception {
        for (int taps = 1; taps <= 7; taps++) {
            Door.tap(door, card::answer);
            try (Authenticated proved = door.identify(card::answer)) {
                assertThat(journal(proved).newest(16)).isEqualTo(records(1, taps));
                assertThat(journal(proved).counter().value()).isEqualTo(taps);
            }
        }
    }

    @Test
    void withoutACommitNothingIsOnTheCard() throws Exception {
        try (Authenticated proved = door.identify(card::answer)) {
            journal(proved).append(Door.record(1));
        }
        card.reset();
        assertThat(card.records()).isEmpty();
        assertThat(Door.tap(door, card::answer).value()).isEqualTo(1);
        assertThat(card.records()).containsExactly(Door.record(1).bytes());
    }

    @Test
    void whatIsAskedIsExactlyThis() throws Exception {
        for (int tap = 0; tap < 15; tap++) {
            Door.tap(door, card::answer);
        }
        List<String> asked = new ArrayList<>();
        Door.tap(
                door,
                command -> {
                    asked.add(Hex.of(command).substring(0, 4));
                    return card.answer(command);
                });
        assertThat(asked)
                .containsExactly(
                        "FFCA", "905A", "9071", "90AF", "9051", "90AD", "90AB", "90AB", "90AB",
                        "90A7", "908B", "90C7");
    }

    @Test
    void aCommitWhoseAnswerIsLostOrProvesNothingIsInDoubt() throws Exception {
        for (String answer :
                List.of("", "91", "9100", "9000", "91AF", "6F00", "broken", "9E along")) {
            long before = card.counter();
            assertThatExceptionOfType(CardLostException.class)
                    .as(answer)
                    .isThrownBy(() -> Door.tap(door, answeringCommit(answer)));
            // It did happen, which is why nobody may say that it did not.
            assertThat(card.counter()).isEqualTo(before + 1);
            card.reset();
        }
    }

    private CardChannel answeringCommit(String answer) {
        return command -> {
            byte[] genuine = card.answer(command);
            if ((command[1] & 0xFF) != Instruction.COMMIT_TRANSACTION) {
                return genuine;
            }
            return switch (answer) {
                case "" -> throw new CardLostException("pulled");
                case "broken" -> flipped(genuine, 100);
                case "9E along" -> flipped(genuine, 8 * genuine.length - 3);
                default -> Hex.bytes(answer);
            };
        };
    }

    @Test
    void aCommitThatTheCardRefusesDidNotHappen() {
        CardChannel refusing =
                command -> {
                    if ((command[1] & 0xFF) == Instruction.COMMIT_TRANSACTION) {
                        card.reset();
                        return Hex.bytes("911E");
                    }
                    return card.answer(command);
                };
        assertThatExceptionOfType(CardRefusedException.class)
                .isThrownBy(() -> Door.tap(door, refusing))
                .satisfies(e -> assertThat(e.status()).contains(new StatusWord(0x911E)));
        assertThat(card.records()).isEmpty();
    }

    @Test
    void aFailureInAppendingLeavesTheCardAsItWas() {
        for (int instruction :
                new int[] {Instruction.ABORT_TRANSACTION, Instruction.WRITE_RECORD}) {
            for (boolean isAfter : new boolean[] {false, true}) {
                CardChannel pulled =
                        command -> {
                            boolean isIt = (command[1] & 0xFF) == instruction;
                            if (!isIt || isAfter) {
                                byte[] answer = card.answer(command);
                                assertThat(answer).isNotEmpty();
                                if (!isIt) {
                                    return answer;
                                }
                            }
                            throw new CardLostException("pulled");
                        };
                assertThatExceptionOfType(CardLostException.class)
                        .isThrownBy(() -> Door.tap(door, pulled));
                card.reset();
                assertThat(card.records()).isEmpty();
                assertThat(card.counter()).isZero();
            }
        }
    }

    /// Real cards may differ here from the virtual one.
    @Test
    void aCardToWhichReadingIsNoTransactionIsAskedForItsKeyAgain() throws Exception {
        List<Integer> asked = new ArrayList<>();
        CardChannel strict =
                command -> {
                    asked.add(command[1] & 0xFF);
                    if ((command[1] & 0xFF) == Instruction.ABORT_TRANSACTION) {
                        // Ends the session and keeps the application selected.
                        card.answer(Hex.bytes("905A0000035548F500"));
                        return Hex.bytes("910C");
                    }
                    return card.answer(command);
                };
        Authenticated proved = door.identify(strict);
        SecureChannel first = ((DesfireJournal) journal(proved)).session();
        assertThat(Door.tap(proved).value()).isEqualTo(1);
        assertThat(first.isClosed()).isTrue();
        SecureChannel second = ((DesfireJournal) journal(proved)).session();
        assertThat(second.isClosed()).isFalse();
        proved.close();
        assertThat(second.isClosed()).isTrue();
        assertThat(asked).endsWith(0xAD, 0xA7, 0x71, 0xAF, 0x8B, 0xC7);
        assertThat(card.records()).containsExactly(Door.record(1).bytes());
    }

    @Test
    void aRecordThatIsNoneOfOursIsRefusedInWordsAndEndsTheSession() throws Exception {
        try (MasterKeys keys = MasterKeys.forSpending(Door.MASTER);
                AesKey key = keys.cardKey(Door.MARY, CardLayout.APPLICATION, 1, 0)) {
            card.answer(Hex.bytes("905A0000035548F500"));
            SecureChannel session =
                    new MutualAuthentication(card::answer, Door.random(3)).ev2First(key, 1);
            session.exchange(
                    CommMode.FULL,
                    Instruction.WRITE_RECORD,
                    CardLayout.wholeRecordHeader(),
                    new byte[32],
                    0);
            session.exchange(
                    CommMode.MAC, Instruction.COMMIT_TRANSACTION, Bytes.of(1), Bytes.NONE, 12);
        }
        try (Authenticated proved = door.identify(card::answer)) {
            journal(proved).append(Door.record(2));
            journal(proved).commit();
        }
        try (Authenticated proved = door.identify(card::answer)) {
            assertThatExceptionOfType(CardRefusedException.class)
                    .isThrownBy(() -> journal(proved).newest(2))
                    .satisfies(e -> assertThat(e.step()).isEqualTo(CardStep.JOURNAL))
                    .withMessageContaining("tap 1 before its newest is not one of ours")
                    .withMessageContaining("format 0");
            assertThat(((DesfireJournal) journal(proved)).session().isClosed()).isTrue();
        }
    }

    @Test
    void closingZeroesTheSessionsKeys() throws Exception {
        Authenticated proved = door.identify(card::answer);
        Ev2Channel session = (Ev2Channel) ((DesfireJournal) journal(proved)).session();
        Door.tap(proved);
        assertThat(session.keys().isZeroed()).isFalse();
        for (int twice = 0; twice < 2; twice++) {
            proved.close();
            assertThat(session.keys().isZeroed()).isTrue();
            assertThat(session.transactionId()).containsOnly(0);
        }
        assertThatIllegalStateException()
                .isThrownBy(() -> journal(proved).counter())
                .withMessageContaining("over");
    }

    @Test
    void anyFailureZeroesTheSessionsKeys() throws Exception {
        int identifying = 5;
        int wholeTap = 9;
        for (int at = identifying; at < wholeTap; at++) {
            VirtualDesfire fresh = Door.marysCard().build();
            int[] count = {0};
            int broken = at;
            CardChannel breaking =
                    command -> {
                        byte[] answer = fresh.answer(command);
                        return count[0]++ == broken ? flipped(answer, 3) : answer;
                    };
            try (Authenticated proved = door.identify(breaking)) {
                Ev2Channel session = (Ev2Channel) ((DesfireJournal) journal(proved)).session();
                assertThatExceptionOfType(Exception.class).isThrownBy(() -> Door.tap(proved));
                assertThat(session.keys().isZeroed()).as("broken at %d", at).isTrue();
            }
        }
    }

    @Test
    void misuseIsAMistakeOfTheCallerAndNotOfTheCard() throws Exception {
        try (Authenticated proved = door.identify(card::answer)) {
            CardJournal journal = journal(proved);
            assertThatIllegalStateException().isThrownBy(journal::commit);
            assertThat(journal.counter().value()).isZero();
            for (int count : new int[] {0, -1, 17}) {
                assertThatIllegalArgumentException().isThrownBy(() -> journal.newest(count));
            }
            journal.append(Door.record(1));
            assertThatIllegalStateException().isThrownBy(() -> journal.append(Door.record(1)));
            assertThatIllegalStateException().isThrownBy(journal::counter);
            assertThatIllegalStateException().isThrownBy(() -> journal.newest(1));
            assertThat(journal.commit().value()).isEqualTo(1);
            assertThat(journal.newest(1)).isEqualTo(records(1, 1));
        }
    }

    static byte[] flipped(byte[] answer, int bit) {
        byte[] flipped = answer.clone();
        flipped[bit / 8] ^= (byte) (1 << (bit % 8));
        return flipped;
    }
}
