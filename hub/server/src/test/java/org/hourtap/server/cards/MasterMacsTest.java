package org.hourtap.server.cards;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.hourtap.card.AesKey;
import org.hourtap.card.CardLayout;
import org.hourtap.card.KeyName;
import org.hourtap.card.MasterKeys;
import org.hourtap.card.TransactionMac;
import org.hourtap.card.Uid;
import org.hourtap.contract.CardId;
import org.hourtap.contract.CardRecord;
import org.hourtap.contract.Credits;
import org.hourtap.contract.TapEvent;
import org.hourtap.server.books.TestBooks;
import org.hourtap.server.cards.CardMacs.Verdict;
import org.junit.jupiter.api.Test;

class MasterMacsTest {
    private static final CardId CARD = TestBooks.ANNS_CARD;

    private static CardRecord record(long minutes) {
        return new CardRecord(
                TapEvent.Kind.SPEND, true, true, new Credits(minutes), 3, 77, 5, TestBooks.id(1));
    }

    private static byte[] master(int fill) {
        byte[] key = new byte[AesKey.LENGTH];
        java.util.Arrays.fill(key, (byte) fill);
        return key;
    }

    private static MasterKeys keys(Map<KeyName, byte[]> byName) {
        return new MasterKeys(byName);
    }

    private static String signedBy(MasterKeys keys, int version, CardRecord record) {
        Uid uid = new Uid(CARD.value());
        try (AesKey key = keys.cardKey(uid, CardLayout.APPLICATION, CardLayout.TMAC_KEY, version)) {
            return TransactionMac.of(key, uid, record);
        }
    }

    @Test
    void whatTheCardSignedWithAnyVersionOfTheKeyIsVerifiedAndNothingElse() {
        try (MasterKeys keys =
                keys(Map.of(new KeyName(15, 0), master(1), new KeyName(15, 4), master(2)))) {
            MasterMacs macs = new MasterMacs(keys);
            String old = signedBy(keys, 0, record(60));
            String rolled = signedBy(keys, 4, record(60));
            assertThat(old).isNotEqualTo(rolled);
            assertThat(macs.of(CARD, record(60))).containsExactly(old, rolled);
            assertThat(macs.verdict(CARD, record(60), old)).isEqualTo(Verdict.VERIFIED);
            assertThat(macs.verdict(CARD, record(60), rolled)).isEqualTo(Verdict.VERIFIED);
            assertThat(macs.verdict(CARD, record(61), rolled)).isEqualTo(Verdict.WRONG);
            assertThat(macs.verdict(new CardId("04782E21801D81"), record(60), rolled))
                    .isEqualTo(Verdict.WRONG);
        }
    }

    @Test
    void whatCannotBeCheckedIsSaidToBeUnchecked() {
        String any = "00112233445566aa";
        try (MasterKeys signing = keys(Map.of(new KeyName(15, 0), master(1)));
                MasterKeys other = keys(Map.of(new KeyName(1, 0), master(1)))) {
            assertThat(new MasterMacs(signing).verdict(CARD, record(60), null))
                    .isEqualTo(Verdict.UNCHECKED);
            assertThat(new MasterMacs(signing).verdict(CARD, null, any))
                    .isEqualTo(Verdict.UNCHECKED);
            assertThat(new MasterMacs(signing).verdict(new CardId("04A1B2C3"), record(60), any))
                    .as("no card that signs")
                    .isEqualTo(Verdict.UNCHECKED);
            assertThat(new MasterMacs(other).verdict(CARD, record(60), any))
                    .isEqualTo(Verdict.UNCHECKED);
            assertThat(CardMacs.NONE.of(CARD, record(60))).isEqualTo(List.of());
        }
    }
}
