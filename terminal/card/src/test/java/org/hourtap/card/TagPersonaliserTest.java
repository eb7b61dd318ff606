package org.hourtap.card;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.hourtap.card.testing.VirtualDesfire;
import org.hourtap.card.testing.VirtualNtag;
import org.junit.jupiter.api.Test;

/// From a tag out of the box to an identity of ours.
class TagPersonaliserTest {
    private final TagPersonaliser office = office(Door.allMasters());
    private final VirtualNtag tag = VirtualNtag.factory(Door.UID);

    private static TagPersonaliser office(Map<KeyName, byte[]> masters) {
        return new TagPersonaliser(new MasterKeys(masters), Door.random(5));
    }

    private void assertRefused(CardChannel other, String message) {
        assertThatExceptionOfType(CardRefusedException.class)
                .isThrownBy(() -> office.personalise(other))
                .withMessageContaining(message);
    }

    @Test
    void aFactoryTagBecomesOneThatEveryDoorTakes() throws Exception {
        assertThat(office.personalise(tag::answer)).isEqualTo(Door.MARY);
        tag.reset();
        try (Authenticated proved = Door.door().identify(tag::answer)) {
            assertThat(proved.cardClass()).isEqualTo(CardClass.NTAG_424);
        }
    }

    @Test
    void itsKeysAreTheNewestAndSayTheirVersion() throws Exception {
        Map<KeyName, byte[]> masters = Door.allMasters();
        masters.put(new KeyName(1, 9), Door.NEWER);
        office(masters).personalise(tag::answer);
        tag.answer(CommandApdu.selectNtag().bytes());
        assertThat(Hex.of(tag.answer(Hex.bytes("90640000010100")))).isEqualTo("099100");
        try (MasterKeys newest = new MasterKeys(Map.of(new KeyName(1, 9), Door.NEWER));
                Authenticated proved = Door.door(newest).identify(tag::answer)) {
            assertThat(proved.cardClass()).isEqualTo(CardClass.NTAG_424);
        }
    }

    @Test
    void noKeyOfTheFactoryOpensItAnyMoreAndEachOfOursDoes() throws Exception {
        office.personalise(tag::answer);
        MutualAuthentication authentication = new MutualAuthentication(tag::answer, Door.random(1));
        try (MasterKeys ring = new MasterKeys(Door.allMasters());
                AesKey factory = KeyTrial.factory()) {
            for (int number = 0; number < CardLayout.KEY_COUNT; number++) {
                int tried = number;
                assertThatExceptionOfType(CardRefusedException.class)
                        .isThrownBy(() -> authentication.ev2First(factory, tried));
                try (AesKey ours = ring.cardKey(Door.MARY, CardLayout.NTAG, number, 0)) {
                    authentication.ev2First(ours, number).close();
                }
            }
        }
    }

    @Test
    void aTagPulledAtAnyMomentIsFinishedByTheNextRun() throws Exception {
        int[] whole = {0};
        office.personalise(command -> {
            whole[0]++;
            return tag.answer(command);
        });
        for (int at = 0; at < whole[0]; at++) {
            VirtualNtag torn = VirtualNtag.factory(Door.UID);
            int[] count = {0};
            int pulledAt = at;
            assertThatExceptionOfType(CardLostException.class)
                    .isThrownBy(() ->
                            office.personalise(command -> {
                                byte[] answer = torn.answer(command);
                                return count[0]++ == pulledAt ? Bytes.NONE : answer;
                            }));
            torn.reset();
            try {
                office.personalise(torn::answer);
            } catch (CardRefusedException e) {
                assertThat(e).hasMessageContaining("one of ours already");
            }
            torn.reset();
            try (Authenticated proved = Door.door().identify(torn::answer)) {
                assertThat(proved.cardClass()).as("pulled at %d", at).isEqualTo(CardClass.NTAG_424);
            }
        }
    }

    @Test
    void whatIsNoNewTagIsRefusedInWords() throws Exception {
        office.personalise(tag::answer);
        assertRefused(tag::answer, "one of ours already");
        assertRefused(VirtualDesfire.factory(Door.UID).build()::answer, "no NTAG 424 DNA");
        assertRefused(VirtualNtag.with(Door.UID, Door.NEWER)::answer, "another scheme made it");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> office(Map.of(new KeyName(1, 0), Door.MASTER)))
                .withMessageContaining("missing: [0, 2, 3, 4]");
    }

    /// AN12343 table 39.
    @Test
    void anotherKeyIsChangedAsNxpPrintsIt() throws Exception {
        PublishedVectors.Ev2Session vector =
                PublishedVectors.EV2_SESSIONS.stream()
                        .filter(session -> session.exchanges().getFirst().source().contains("39"))
                        .findFirst()
                        .orElseThrow();
        PublishedVectors.Exchange exchange = vector.exchanges().getFirst();
        byte[] command = CommandApdu.wrapped(0xC4, Hex.bytes(exchange.command())).bytes();
        ScriptedCard card = new ScriptedCard().turn(Hex.of(command), exchange.answer() + "9100");
        SecureChannel session =
                new Ev2Channel(
                        card,
                        new SessionKeys(
                                Hex.key(vector.start().encryption()),
                                Hex.key(vector.start().mac())),
                        Hex.bytes(vector.start().transactionId()),
                        0);
        try (session;
                AesKey old = KeyTrial.factory();
                AesKey key = Hex.key("01234567890123456789012345678901")) {
            KeyChange.ofOther(session, 1, old, key, 0);
        }
        card.assertFinished();
    }
}
