package org.hourtap.card;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.hourtap.card.testing.VirtualDesfire;
import org.hourtap.card.testing.VirtualNtag;
import org.junit.jupiter.api.Test;

/// The NTAG 424 DNA: an identity that is proved, and nothing more.
class TagIdentityTest {
    private static CardClass classOf(CardChannel tag) throws Exception {
        try (Authenticated proved = Door.door().identify(tag)) {
            assertThat(proved.uid()).isEqualTo(Door.MARY);
            assertThat(proved.journal()).isEmpty();
            assertThat(proved.isKeyOld()).isFalse();
            return proved.cardClass();
        }
    }

    @Test
    void aTagWithOurKeyProvesItself() throws Exception {
        List<String> asked = new ArrayList<>();
        VirtualNtag tag = VirtualNtag.with(Door.UID, Door.MASTER);
        CardClass cardClass =
                classOf(command -> {
                    asked.add(Hex.of(command));
                    return tag.answer(command);
                });
        assertThat(cardClass).isEqualTo(CardClass.NTAG_424);
        assertThat(asked).hasSize(6);
        assertThat(asked.get(2)).isEqualTo("00A4040007D276000085010100");
        assertThat(asked.get(3)).isEqualTo("9071000002010000");
        assertThat(asked.get(5)).startsWith("9051");
    }

    @Test
    void aTagFromTheShopOrWithAnotherKeyIsOnlyItsUid() throws Exception {
        assertThat(classOf(VirtualNtag.factory(Door.UID)::answer)).isEqualTo(CardClass.UID_ONLY);
        assertThat(classOf(VirtualNtag.clonedWithoutTheKey(Door.UID, Door.MASTER)::answer))
                .isEqualTo(CardClass.UID_ONLY);
    }

    @Test
    void theKeyOfACardOpensNoTag() throws Exception {
        try (MasterKeys keys = MasterKeys.forSpending(Door.MASTER);
                AesKey ofCard = keys.cardKey(Door.MARY, CardLayout.APPLICATION, 1, 0);
                AesKey ofTag = keys.cardKey(Door.MARY, CardLayout.NTAG, 1, 0)) {
            assertThat(ofTag.copy()).isNotEqualTo(ofCard.copy());
            VirtualNtag tag = VirtualNtag.with(Door.UID, Door.MASTER);
            tag.answer(CommandApdu.selectNtag().bytes());
            assertThatExceptionOfType(CardRefusedException.class)
                    .isThrownBy(() ->
                            new MutualAuthentication(tag::answer, Door.random(1))
                                    .ev2First(ofCard, 1));
        }
    }

    @Test
    void aDesfireThatHasATagsApplicationTooIsStillADesfireWithoutOurs() throws Exception {
        VirtualDesfire blank = Door.marysCard().withoutApplication().build();
        CardClass cardClass =
                classOf(command ->
                        command[1] == (byte) 0xA4 ? Hex.bytes("9000") : blank.answer(command));
        assertThat(cardClass).isEqualTo(CardClass.UID_ONLY);
    }

    @Test
    void aTagThatGivesAnotherUidInsideIsRefused() {
        VirtualNtag tag = VirtualNtag.with(Door.UID, Door.MASTER);
        assertThatExceptionOfType(CardRefusedException.class)
                .isThrownBy(() ->
                        Door.door()
                                .identify(command -> {
                                    byte[] answer = tag.answer(command);
                                    return command[1] == 0x51
                                            ? CardJournalTest.flipped(answer, 5)
                                            : answer;
                                }))
                .satisfies(e -> assertThat(e.step()).isEqualTo(CardStep.SESSION));
    }

    @Test
    void aTagPulledAnywhereIsLost() {
        for (int at = 0; at < 6; at++) {
            VirtualNtag tag = VirtualNtag.with(Door.UID, Door.MASTER);
            int pulledAt = at;
            int[] count = {0};
            assertThatExceptionOfType(CardLostException.class)
                    .isThrownBy(() ->
                            Door.door()
                                    .identify(command ->
                                            count[0]++ == pulledAt
                                                    ? Bytes.NONE
                                                    : tag.answer(command)));
        }
    }

    @Test
    void oneOfSeveralVersionsIsFoundByAskingTheTag() throws Exception {
        MasterKeys ring =
                new MasterKeys(
                        Map.of(new KeyName(1, 0), Door.MASTER, new KeyName(1, 1), Door.NEWER));
        VirtualNtag tag = VirtualNtag.with(Door.UID, Door.MASTER);
        try (ring;
                Authenticated proved = Door.door(ring).identify(tag::answer)) {
            assertThat(proved.cardClass()).isEqualTo(CardClass.NTAG_424);
        }
    }
}
