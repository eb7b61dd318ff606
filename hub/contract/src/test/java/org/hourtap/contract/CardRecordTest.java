package org.hourtap.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HexFormat;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class CardRecordTest {
    @Test
    void aRecordLiesOnTheCardByteForByteAsDocumented() {
        int tag = Integer.reverseBytes(ContractFixtures.record().terminal());
        assertThat(HexFormat.of().formatHex(ContractFixtures.record().bytes()))
                .isEqualTo(
                        "11033c0007000000"
                                + HexFormat.of().toHexDigits(tag)
                                + "2900000001890a5dac96774bbcceb302099a8060");
    }

    @Test
    void everyRecordIsReadBackAsItWasWritten() throws MalformedMessageException {
        TapEvent.Kind[] kinds = {
            TapEvent.Kind.SPEND, TapEvent.Kind.SHIFT_IN, TapEvent.Kind.SHIFT_OUT
        };
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            CardRecord record =
                    new CardRecord(
                            kinds[random.nextInt(3)],
                            random.nextBoolean(),
                            random.nextBoolean(),
                            new Credits(random.nextInt(65_536)),
                            1 + random.nextLong(0xFFFF_FFFFL),
                            random.nextInt(),
                            1 + random.nextLong(0xFFFF_FFFFL),
                            TransferId.mint(
                                    random.nextLong(1L << 48),
                                    random.nextLong(),
                                    random.nextLong()));
            assertThat(CardRecord.parse(record.bytes())).isEqualTo(record);
        }
    }

    @Test
    void bytesThatAreNoRecordOfOursAreRefused() {
        byte[] record = ContractFixtures.record().bytes();
        refused(new byte[31]);
        refused(new byte[32]);
        for (int format : new int[] {0x10, 0x14, 0x21, 0xFF}) {
            refused(changed(record, 0, format));
        }
        refused(changed(record, 1, 4));
        refused(changed(record, 4, 0)); // counter 0
        refused(changed(record, 12, 0)); // sequence 0
        refused(changed(record, 22, 0x40)); // no UUIDv7
    }

    @Test
    void aCardCarriesOnlyWhatWasWelcomed() {
        TransferId id = new TransferId(UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8060"));
        for (TapEvent.Kind kind :
                new TapEvent.Kind[] {TapEvent.Kind.DECLINED, TapEvent.Kind.TORN}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(
                            () -> new CardRecord(kind, false, false, Credits.NONE, 1, 1, 1, id));
        }
    }

    @Test
    void theRecordOfATapSaysWhatTheTapSays() {
        CardRecord record = CardRecord.of(ContractFixtures.swim(), 77, 8);
        assertThat(record.minutes()).isEqualTo(new Credits(60));
        assertThat(record.counter()).isEqualTo(8);
        assertThat(record.terminal()).isEqualTo(77);
        assertThat(record.sequence()).isEqualTo(1);
        assertThat(record.id()).isEqualTo(ContractFixtures.FIRST);
        assertThat(record.clockKnown()).isTrue();
        assertThat(record.offline()).isFalse();
    }

    @Test
    void aTerminalsTagIsTheSameEverywhereAndAnothersIsAnother() {
        BookId book = new BookId("cardiff");
        int pool = TerminalTag.of(book, new TerminalId("pool"));
        // printf cardiff/pool | sha256sum
        assertThat(Integer.toHexString(pool)).isEqualTo("690588d4");
        assertThat(TerminalTag.of(book, new TerminalId("theatre"))).isNotEqualTo(pool);
        assertThat(TerminalTag.of(new BookId("newport"), new TerminalId("pool")))
                .isNotEqualTo(pool);
    }

    @Test
    void aTornTapKeepsItsIdAndPlaceAndSaysThatNobodyWasLetIn() throws MalformedMessageException {
        TapEvent torn = ContractFixtures.swim().torn();
        assertThat(torn.kind()).isEqualTo(TapEvent.Kind.TORN);
        assertThat(torn.id()).isEqualTo(ContractFixtures.FIRST);
        assertThat(torn.minutes()).isEqualTo(Credits.NONE);
        assertThat(torn.carried()).isEqualTo(ContractFixtures.swim().carried());
        assertThat(Codec.decodeEvent(Codec.encodeEvent(torn))).isEqualTo(torn);
    }

    @Test
    void aCarriedTapIsKeptAsItCameEvenIfNobodyUnderstandsIt() throws MalformedMessageException {
        assertThat(CarriedTap.of(ContractFixtures.record(), null).parsed())
                .isEqualTo(ContractFixtures.record());
        CarriedTap strange = new CarriedTap("00".repeat(32), "1e285e485ba62de1");
        assertThatExceptionOfType(MalformedMessageException.class).isThrownBy(strange::parsed);
        assertThatIllegalArgumentException().isThrownBy(() -> new CarriedTap("00", null));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CarriedTap("00".repeat(32), "XX"));
    }

    @Test
    void aBalanceKnowsWhichTapsItContains() {
        FeedRow.CardRow row = (FeedRow.CardRow) ContractFixtures.feed().rows().getFirst();
        assertThat(row.counter()).isEqualTo(8);
        assertThat(row.contains(8)).isTrue();
        assertThat(row.contains(9)).isFalse();
        assertThat(row.contains(10)).isTrue();
        assertThat(row.contains(11)).isFalse();
        assertThat(row.contains(12)).isTrue();
        assertThat(row.contains(13)).isFalse();
        assertThat(row.contains(1_000)).isFalse();
    }

    private static byte[] changed(byte[] record, int at, int value) {
        byte[] changed = record.clone();
        changed[at] = (byte) value;
        if (at == 4) {
            changed[5] = changed[6] = changed[7] = 0;
        }
        return changed;
    }

    private static void refused(byte[] bytes) {
        assertThatExceptionOfType(MalformedMessageException.class)
                .isThrownBy(() -> CardRecord.parse(bytes));
    }
}
