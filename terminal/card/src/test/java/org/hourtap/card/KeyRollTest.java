package org.hourtap.card;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hourtap.card.testing.VirtualDesfire;
import org.junit.jupiter.api.Test;

/// Key versions: which one a card is asked for, and how it comes by the newest.
class KeyRollTest {
    private final VirtualDesfire card = Door.marysCard().build();
    private final CardIdentifier oldDoor = Door.door();
    private final CardIdentifier rollingDoor = Door.door(ring(0, 1));
    private final CardIdentifier newDoor = Door.door(ring(1));

    /// A ring of spend keys: version 0 made this card, version 1 is to be its next.
    private static MasterKeys ring(int... versions) {
        Map<KeyName, byte[]> masters = new HashMap<>();
        for (int version : versions) {
            masters.put(new KeyName(1, version), version == 0 ? Door.MASTER : Door.NEWER);
        }
        return new MasterKeys(masters);
    }

    @Test
    void anOldKeyIsSeenAndRolledAfterTheTapInTheSameSession() throws Exception {
        try (Authenticated proved = rollingDoor.identify(card::answer)) {
            assertThat(proved.isKeyOld()).isTrue();
            Door.tap(proved);
            Ev2Channel session =
                    (Ev2Channel) ((DesfireJournal) proved.journal().orElseThrow()).session();
            proved.rollKey();
            assertThat(session.keys().isZeroed()).isTrue();
        }
        for (CardIdentifier door : List.of(rollingDoor, newDoor)) {
            try (Authenticated proved = door.identify(card::answer)) {
                assertThat(proved.isKeyOld()).isFalse();
                assertThat(proved.journal().orElseThrow().newest(1))
                        .containsExactly(Door.record(card.counter()));
                assertThatIllegalStateException().isThrownBy(proved::rollKey);
            }
            assertThat(Door.tap(door, card::answer).value()).isEqualTo(card.counter());
        }
    }

    @Test
    void theVersionIsAskedOnlyWhereThereIsAChoice() throws Exception {
        List<String> asked = new ArrayList<>();
        CardChannel listening =
                command -> {
                    asked.add(Hex.of(command));
                    return card.answer(command);
                };
        oldDoor.identify(listening).close();
        assertThat(asked).noneMatch(command -> command.startsWith("9064"));
        asked.clear();
        rollingDoor.identify(listening).close();
        assertThat(asked)
                .startsWith("FFCA000000", "905A0000035548F500", "90640000010100")
                .hasSize(6);
    }

    @Test
    void aDoorWithoutTheCardsVersionSaysWhatItNeeds() throws Exception {
        VirtualDesfire newer = Door.marysCard().keyVersion(1, 7).build();
        refusedForVersion(
                rollingDoor, newer, "version 7 of its key, and this terminal holds [0, 1]");
        try (Authenticated proved = rollingDoor.identify(card::answer)) {
            proved.rollKey();
        }
        // A door that was never told of version 1 takes nobody for a forger.
        refusedForVersion(oldDoor, card, "version 1 of its key, and this terminal holds [0]");
    }

    private static void refusedForVersion(
            CardIdentifier door, VirtualDesfire card, String message) {
        assertThatExceptionOfType(CardRefusedException.class)
                .isThrownBy(() -> door.identify(card::answer))
                .satisfies(e -> assertThat(e.step()).isEqualTo(CardStep.KEY_VERSION))
                .withMessageContaining(message)
                .withMessageContaining("new key file");
    }

    @Test
    void aCloneThatClaimsAnOldVersionIsStillAClone() {
        VirtualDesfire clone = Door.marysCard().clonedWithoutTheKey().build();
        for (CardIdentifier door : List.of(oldDoor, rollingDoor)) {
            assertThatExceptionOfType(CardRefusedException.class)
                    .isThrownBy(() -> door.identify(clone::answer))
                    .satisfies(e -> assertThat(e.step()).isEqualTo(CardStep.EV2_PROOF));
        }
    }

    @Test
    void aCardThatWouldNotTellItsVersionIsRefused() {
        for (String answer : List.of("919D", "9140", "9100", "00009100", "9000", "6D00")) {
            assertThatExceptionOfType(CardRefusedException.class)
                    .as(answer)
                    .isThrownBy(() ->
                            rollingDoor.identify(command ->
                                    (command[1] & 0xFF) == 0x64
                                            ? Hex.bytes(answer)
                                            : card.answer(command)))
                    .satisfies(e -> assertThat(e.step()).isEqualTo(CardStep.KEY_VERSION));
        }
    }

    @Test
    void aRollThatIsTornLeavesACardThatTheNextTapTakes() throws Exception {
        for (boolean isDone : new boolean[] {false, true}) {
            VirtualDesfire torn = Door.marysCard().build();
            CardChannel pulled =
                    command -> {
                        boolean isRoll = (command[1] & 0xFF) == Instruction.CHANGE_KEY;
                        byte[] answer = isRoll && !isDone ? new byte[0] : torn.answer(command);
                        if (isRoll) {
                            throw new CardLostException("pulled");
                        }
                        return answer;
                    };
            try (Authenticated proved = rollingDoor.identify(pulled)) {
                assertThatExceptionOfType(CardLostException.class).isThrownBy(proved::rollKey);
            }
            torn.reset();
            try (Authenticated proved = rollingDoor.identify(torn::answer)) {
                assertThat(proved.isKeyOld()).isEqualTo(!isDone);
                assertThat(Door.tap(proved).value()).isEqualTo(1);
            }
        }
    }

    @Test
    void anEv1CardIsAskedForItsVersionToo() throws Exception {
        VirtualDesfire ev1 = Door.marysCard().ev1Only().keyVersion(1, 0).build();
        try (Authenticated proved = rollingDoor.identify(ev1::answer)) {
            assertThat(proved.cardClass()).isEqualTo(CardClass.DESFIRE_EV1);
            assertThat(proved.isKeyOld()).isFalse();
        }
    }
}
