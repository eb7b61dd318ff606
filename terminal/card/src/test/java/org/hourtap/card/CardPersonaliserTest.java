package org.hourtap.card;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import org.hourtap.card.testing.VirtualDesfire;
import org.junit.jupiter.api.Test;

/// From a card out of the box to one of ours, and every way in which that can go wrong.
class CardPersonaliserTest {
    private final CardPersonaliser office = office(Door.allMasters());
    private final VirtualDesfire card = VirtualDesfire.factory(Door.UID).build();

    private static CardPersonaliser office(Map<KeyName, byte[]> masters) {
        return new CardPersonaliser(new MasterKeys(masters), Door.random(5));
    }

    private static PersonalisedCard make(CardPersonaliser office, CardChannel card)
            throws CardLostException, CardRefusedException {
        return office.personalise(card, step -> {});
    }

    private static void assertRefused(CardPersonaliser office, CardChannel card, String message) {
        assertThatExceptionOfType(CardRefusedException.class)
                .isThrownBy(() -> make(office, card))
                .withMessageContaining(message);
    }

    @Test
    void aFactoryCardBecomesOneThatEveryDoorTakes() throws Exception {
        List<PersonalisationStep> steps = new ArrayList<>();
        PersonalisedCard made = office.personalise(card::answer, steps::add);
        assertThat(made.uid()).isEqualTo(Door.MARY);
        assertThat(made.counter().value()).isZero();
        assertThat(steps).containsExactly(PersonalisationStep.values());
        for (int tap = 1; tap <= 20; tap++) {
            card.reset();
            assertThat(Door.tap(Door.door(), card::answer).value()).isEqualTo(tap);
        }
        assertThat(card.records()).hasSize(CardJournal.CAPACITY);
        assertThat(office.verify(card::answer).counter().value()).isEqualTo(20);
    }

    @Test
    void itsTransactionMacsAreMadeWithItsOwnKey() throws Exception {
        make(office, card::answer);
        CardCounter after = Door.tap(Door.door(), card::answer);
        try (MasterKeys ring = new MasterKeys(Door.allMasters());
                AesKey key = ring.cardKey(Door.MARY, CardLayout.APPLICATION, 15, 0)) {
            assertThat(after.mac()).isEqualTo(TransactionMac.of(key, Door.MARY, Door.record(1)));
        }
    }

    @Test
    void noKeyOfTheFactoryOpensItAnyMoreAndEachOfOursDoes() throws Exception {
        make(office, card::answer);
        card.answer(Hex.bytes("905A0000035548F500"));
        MutualAuthentication authentication =
                new MutualAuthentication(card::answer, Door.random(1));
        try (MasterKeys ring = new MasterKeys(Door.allMasters());
                AesKey factory = AesKey.of(new byte[16])) {
            for (int number = 0; number < CardLayout.KEY_COUNT; number++) {
                int tried = number;
                assertThatExceptionOfType(CardRefusedException.class)
                        .isThrownBy(() -> authentication.ev2First(factory, tried));
                try (AesKey ours = ring.cardKey(Door.MARY, CardLayout.APPLICATION, number, 0)) {
                    authentication.ev2First(ours, number).close();
                }
            }
        }
    }

    @Test
    void aCardPulledAtAnyMomentIsFinishedByTheNextRun() throws Exception {
        int[] whole = {0};
        make(
                office,
                command -> {
                    whole[0]++;
                    return card.answer(command);
                });
        assertThat(whole[0]).isBetween(30, 60);
        for (int at = 0; at < whole[0]; at++) {
            for (boolean isAfter : new boolean[] {false, true}) {
                VirtualDesfire torn = VirtualDesfire.factory(Door.UID).build();
                int[] count = {0};
                int pulledAt = at;
                assertThatExceptionOfType(CardLostException.class)
                        .isThrownBy(() ->
                                make(
                                        office,
                                        command ->
                                                pulled(
                                                        torn,
                                                        command,
                                                        count[0]++ == pulledAt,
                                                        isAfter)));
                torn.reset();
                PersonalisedCard finished;
                try {
                    finished = make(office, torn::answer);
                } catch (CardRefusedException e) {
                    assertThat(e).hasMessageContaining("one of ours already");
                    torn.reset();
                    finished = office.verify(torn::answer);
                }
                assertThat(finished.uid()).isEqualTo(Door.MARY);
                torn.reset();
                assertThat(Door.tap(Door.door(), torn::answer).value())
                        .as("pulled at %d, after: %s", at, isAfter)
                        .isEqualTo(1);
            }
        }
    }

    private static byte[] pulled(
            VirtualDesfire card, byte[] command, boolean isNow, boolean isAfter)
            throws CardLostException {
        if (!isNow) {
            return card.answer(command);
        }
        byte[] answer = isAfter ? card.answer(command) : Bytes.NONE;
        throw new CardLostException("pulled before an answer of " + answer.length + " bytes");
    }

    @Test
    void aCardThatIsOursAlreadyIsRefusedInWordsAndLeftAsItIs() throws Exception {
        make(office, card::answer);
        Door.tap(Door.door(), card::answer);
        card.reset();
        assertRefused(office, card::answer, "one of ours already");
        assertThat(office.verify(card::answer).counter().value()).isEqualTo(1);
    }

    @Test
    void aCardThatSomebodyElseMadeIsRefusedAndLeftAsItIs() {
        VirtualDesfire theirs = VirtualDesfire.with(Door.UID, Door.NEWER).build();
        assertRefused(office, theirs::answer, "another scheme made it");
        VirtualDesfire travel = VirtualDesfire.factory(Door.UID).notADesfire().build();
        assertRefused(office, travel::answer, "no DESFire");
        VirtualDesfire shortUid = VirtualDesfire.factory(Hex.bytes("3C9A11E0")).build();
        assertRefused(office, shortUid::answer, "7 bytes, not 3C9A11E0");
    }

    @Test
    void anOlderCardIsRefusedBeforeAnythingIsWritten() {
        VirtualDesfire ev1 = VirtualDesfire.factory(Door.UID).build();
        List<String> asked = new ArrayList<>();
        CardChannel older =
                command -> {
                    asked.add(Hex.of(command).substring(0, 4));
                    byte[] answer = ev1.answer(command);
                    return (command[1] & 0xFF) == 0x60
                            ? Hex.bytes("04010101001605" + "91AF")
                            : answer;
                };
        assertRefused(office, older, "take an EV2 or EV3");
        assertThat(asked).doesNotContain("90CA").hasSizeLessThan(8);
    }

    @Test
    void aCardThatTakesNoApplicationSaysWhy() {
        for (Map.Entry<String, String> no :
                Map.of(
                                "910E", "full",
                                "91AE", "belongs to somebody else",
                                "919D", "belongs to somebody else")
                        .entrySet()) {
            VirtualDesfire fresh = VirtualDesfire.factory(Door.UID).build();
            assertRefused(
                    office,
                    command ->
                            Hex.of(command).startsWith("90CA")
                                    ? Hex.bytes(no.getKey())
                                    : fresh.answer(command),
                    no.getValue());
        }
    }

    @Test
    void aRunWithNewerKeysFinishesWhatOneWithOlderKeysBegan() throws Exception {
        int[] changes = {0};
        assertThatExceptionOfType(CardLostException.class)
                .isThrownBy(() ->
                        make(
                                office,
                                command ->
                                        pulled(
                                                card,
                                                command,
                                                (command[1] & 0xFF) == Instruction.CHANGE_KEY
                                                        && ++changes[0] == 4,
                                                true)));
        card.reset();
        Map<KeyName, byte[]> both = Door.allMasters();
        both.put(new KeyName(1, 9), Door.NEWER);
        make(office(both), card::answer);
        try (MasterKeys newest = new MasterKeys(Map.of(new KeyName(1, 9), Door.NEWER));
                Authenticated proved = Door.door(newest).identify(card::answer)) {
            assertThat(proved.cardClass()).isEqualTo(CardClass.DESFIRE_EV2);
        }
    }

    @Test
    void aRingThatLacksAKeyMakesNoCards() {
        Map<KeyName, byte[]> masters = Door.allMasters();
        masters.remove(new KeyName(3, 0));
        masters.remove(new KeyName(15, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> office(masters))
                .withMessageContaining("missing: [3, 15]");
    }

    @Test
    void aCardThatIsNotOursCannotBeVerified() {
        VirtualDesfire ev1 = Door.marysCard().ev1Only().build();
        for (CardChannel other : List.<CardChannel>of(card::answer, ev1::answer)) {
            assertThatExceptionOfType(CardRefusedException.class)
                    .isThrownBy(() -> office.verify(other))
                    .withMessageContaining("none of ours");
        }
    }

    @Test
    void everyCardKeyIsZeroedWhetherItEndsWellOrNot() {
        for (int at = 0; at < 45; at += 4) {
            List<AesKey> handed = new ArrayList<>();
            MasterKeys masters = new MasterKeys(Door.allMasters());
            CardPersonaliser watched =
                    new CardPersonaliser(watching(masters, handed), Door.random(5));
            VirtualDesfire fresh = VirtualDesfire.factory(Door.UID).build();
            int[] count = {0};
            int pulledAt = at;
            try {
                make(watched, command -> pulled(fresh, command, count[0]++ == pulledAt, true));
            } catch (CardLostException | CardRefusedException e) {
                assertThat(e).isInstanceOf(CardLostException.class);
            }
            assertThat(handed).allMatch(AesKey::isZeroed);
        }
    }

    private static KeyRing watching(KeyRing ring, List<AesKey> handed) {
        return new KeyRing() {
            @Override
            public boolean holds(int keyNumber) {
                return ring.holds(keyNumber);
            }

            @Override
            public SortedSet<Integer> versions(int keyNumber) {
                return ring.versions(keyNumber);
            }

            @Override
            public AesKey cardKey(Uid uid, ApplicationId application, int number, int version) {
                AesKey key = ring.cardKey(uid, application, number, version);
                handed.add(key);
                return key;
            }
        };
    }
}
