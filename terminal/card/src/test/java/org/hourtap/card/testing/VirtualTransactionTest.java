package org.hourtap.card.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hourtap.card.testing.Probe.hex;
import static org.hourtap.card.testing.Probe.text;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a virtual card keeps of a transaction, and when, in the session of a door's key.
class VirtualTransactionTest {
    private static final byte[] MASTER = hex("0F1E2D3C4B5A69788796A5B4C3D2E1F0");
    private static final byte[] UID = hex("04A1B2C3D4E5F6");
    private static final byte[] WIRE_ID = hex("5548F5");
    private static final String WHOLE_RECORD = "01 000000 200000";
    private static final String COUNTER = "0F 000000 0C0000";

    private final VirtualDesfire card = VirtualDesfire.with(UID, MASTER).build();
    private final Probe probe = new Probe(card);

    private static byte[] key(int number) {
        byte[] master = VirtualDesfire.testMaster(MASTER, number);
        return CardCrypto.diversified(master, UID, WIRE_ID, number);
    }

    @BeforeEach
    void open() {
        probe.select(PersonalCard.APPLICATION_ID);
        assertThat(probe.ev2First(1, key(1))).isTrue();
    }

    private void write(String record) {
        probe.send(Comm.FULL, 0x8B, WHOLE_RECORD, record, 0);
        assertThat(probe.status()).isZero();
    }

    private String commit() {
        String told = text(probe.send(Comm.MAC, 0xC7, "01", "", 12));
        assertThat(probe.status()).isZero();
        return told;
    }

    private static String record(int number) {
        return String.format("%02X", number).repeat(32);
    }

    private void tap(int number) {
        write(record(number));
        commit();
    }

    private List<String> kept() {
        List<String> kept = new ArrayList<>();
        for (byte[] record : card.records()) {
            kept.add(text(record).substring(0, 2));
        }
        return kept;
    }

    /// Another project's fixture, as published with its key: 33 bytes, one more than a card would
    /// make of that command.
    @Test
    void theTransactionMacIsThatOfTheFixture() {
        byte[] key = hex("00112233445566778899AABBCCDDEEFF");
        byte[] uid = hex("04782E21801D80");
        byte[] input = hex("3D02000000030000" + "00".repeat(9) + "102030" + "00".repeat(13));
        assertThat(text(CardCrypto.transactionMac(key, hex("01000000"), uid, input)))
                .isEqualTo("1E285E485BA62DE1");
    }

    @Test
    void commitCountsAndGivesTheMacOverTheRecordAlone() {
        for (int count = 1; count <= 3; count++) {
            write(record(0x40 + count));
            byte[] counter = CardCrypto.lowFirst(count, 4);
            byte[] input = hex("8B 01000000 200000" + "00".repeat(8) + record(0x40 + count));
            byte[] mac = CardCrypto.transactionMac(key(15), counter, UID, input);
            assertThat(commit()).isEqualTo(text(CardCrypto.join(counter, mac)));
            assertThat(card.counter()).isEqualTo(count);
        }
    }

    @Test
    void readsEnterTheMacAndAbortTakesThemOut() {
        tap(1);
        probe.send(Comm.MAC, 0xAD, COUNTER, "", 12);
        probe.send(Comm.MAC, 0xA7, "", "", 0);
        write(record(2));
        String clean = commit();
        probe.send(Comm.FULL, 0xAB, "01 000000 010000", "", 32);
        write(record(3));
        String mixed = commit();
        byte[] input = hex("8B 01000000 200000" + "00".repeat(8) + record(2));
        byte[] two = CardCrypto.lowFirst(2, 4);
        assertThat(clean).endsWith(text(CardCrypto.transactionMac(key(15), two, UID, input)));
        byte[] read = hex("AB 01000000 010000" + "00".repeat(8) + record(2));
        byte[] written = hex("8B 01000000 200000" + "00".repeat(8) + record(3));
        byte[] both = CardCrypto.join(read, written);
        byte[] three = CardCrypto.lowFirst(3, 4);
        assertThat(mixed).endsWith(text(CardCrypto.transactionMac(key(15), three, UID, both)));
    }

    @Test
    void theCounterFileTellsWhatCommitTold() {
        assertThat(text(probe.send(Comm.MAC, 0xAD, COUNTER, "", 12))).isEqualTo("00".repeat(12));
        write(record(7));
        String told = commit();
        assertThat(text(probe.send(Comm.MAC, 0xAD, COUNTER, "", 12))).isEqualTo(told);
        assertThat(told).startsWith("01000000");
    }

    @Test
    void nothingIsThereBeforeItIsCommitted() {
        write(record(1));
        assertThat(card.records()).isEmpty();
        probe.send(Comm.FULL, 0xAB, "01 000000 010000", "", 32);
        assertThat(probe.status()).isEqualTo(0xBE);
    }

    @Test
    void anErrorEndsTheSessionAndTakesTheRecordBack() {
        write(record(1));
        probe.send(Comm.MAC, 0xAD, "0F 000000 0D0000", "", 13);
        assertThat(probe.status()).isEqualTo(0xBE);
        probe.send(Comm.MAC, 0xC7, "01", "", 12);
        // The command reads like one without a session that is too long.
        assertThat(probe.status()).isEqualTo(0x7E);
        open();
        probe.send(Comm.MAC, 0xC7, "01", "", 12);
        assertThat(probe.status()).isEqualTo(0x0C);
        assertThat(card.counter()).isZero();
    }

    @Test
    void aPullTakesTheRecordBackAndKeepsWhatWasCommitted() {
        tap(1);
        write(record(2));
        card.reset();
        open();
        probe.send(Comm.MAC, 0xC7, "01", "", 12);
        assertThat(probe.status()).isEqualTo(0x0C);
        assertThat(kept()).containsExactly("01");
        assertThat(card.counter()).isEqualTo(1);
    }

    @Test
    void abortTakesTheRecordBackAndTheSessionGoesOn() {
        write(record(1));
        probe.send(Comm.MAC, 0xA7, "", "", 0);
        assertThat(probe.status()).isZero();
        tap(2);
        assertThat(kept()).containsExactly("02");
        probe.send(Comm.MAC, 0xA7, "", "", 0);
        assertThat(probe.status()).isEqualTo(0x0C);
    }

    @Test
    void ofSeventeenRecordsCreatedSixteenAreKept() {
        for (int number = 1; number <= 20; number++) {
            tap(number);
        }
        assertThat(kept()).hasSize(16).startsWith("05").endsWith("14");
        String oldestFirst = text(probe.send(Comm.FULL, 0xAB, "01 000000 030000", "", 96));
        assertThat(oldestFirst).isEqualTo(record(18) + record(19) + record(20));
        String older = text(probe.send(Comm.FULL, 0xAB, "01 0F0000 010000", "", 32));
        assertThat(older).isEqualTo(record(5));
        probe.send(Comm.FULL, 0xAB, "01 000000 110000", "", 0x11 * 32);
        assertThat(probe.status()).isEqualTo(0xBE);
    }

    @Test
    void allRecordsAtOnceComeInFramesThatFit() {
        for (int number = 1; number <= 16; number++) {
            tap(number);
        }
        byte[] all = probe.send(Comm.FULL, 0xAB, "01 000000 000000", "", 512);
        assertThat(text(all)).startsWith(record(1)).endsWith(record(16));
        assertThat(probe.longestAnswer()).isEqualTo(255);
        byte[] inSmallFrames = probe.send(Comm.FULL, 0xBB, "01 000000 100000", "", 512);
        assertThat(inSmallFrames).isEqualTo(all);
    }

    @Test
    void aTransactionHoldsOneRecord() {
        write(record(1));
        probe.send(Comm.FULL, 0x8B, "01 1E0000 020000", "FFFF", 0);
        commit();
        assertThat(kept()).hasSize(1);
        assertThat(text(card.records().getFirst())).isEqualTo("01".repeat(30) + "FFFF");
        probe.send(Comm.FULL, 0x8B, "01 1F0000 020000", "FFFF", 0);
        assertThat(probe.status()).isEqualTo(0xBE);
    }

    @Test
    void clearingEmptiesTheFileWhenItIsCommittedAndIsCounted() {
        tap(1);
        probe.send(Comm.MAC, 0xEB, "01", "", 0);
        assertThat(kept()).hasSize(1);
        commit();
        assertThat(kept()).isEmpty();
        assertThat(card.counter()).isEqualTo(2);
    }

    @Test
    void rightsAreThoseOfTheKey() {
        probe.send(Comm.MAC, 0x8D, "0F 000000 010000", "00", 0);
        assertThat(probe.status()).isEqualTo(0x9D);
        for (int number : new int[] {0, 3, 4}) {
            open();
            assertThat(probe.ev2First(number, key(number))).isTrue();
            probe.send(Comm.FULL, 0x8B, WHOLE_RECORD, record(1), 0);
            assertThat(probe.status()).as("key %d", number).isEqualTo(0x9D);
            probe.select(PersonalCard.APPLICATION_ID);
            assertThat(probe.ev2First(number, key(number))).isTrue();
            probe.send(Comm.MAC, 0xAD, COUNTER, "", 12);
            assertThat(probe.status()).as("key %d", number).isEqualTo(0x9D);
        }
        assertThat(probe.ev2First(2, key(2))).isTrue();
        tap(9);
        probe.select(PersonalCard.APPLICATION_ID);
        probe.plain(0x8B, hex(WHOLE_RECORD), hex(record(1)));
        assertThat(probe.status()).isEqualTo(0xAE);
        assertThat(kept()).containsExactly("09");
    }

    @Test
    void aNextAuthenticationKeepsTheTransactionAndAFirstOneDropsIt() {
        write(record(1));
        assertThat(probe.ev2NonFirst(2, key(2))).isTrue();
        commit();
        assertThat(kept()).containsExactly("01");
        write(record(2));
        assertThat(probe.ev2First(1, key(1))).isTrue();
        probe.send(Comm.MAC, 0xC7, "00", "", 0);
        assertThat(probe.status()).isEqualTo(0x0C);
    }

    @Test
    void aCommandThatIsRepeatedOrAlteredIsRefused() {
        byte[] command = hex("01 000000 200000" + "00".repeat(56));
        probe.plain(0x8B, command);
        assertThat(probe.status()).isEqualTo(0x1E);
        open();
        probe.plain(0x8B, hex(WHOLE_RECORD), hex(record(1)));
        assertThat(probe.status()).isEqualTo(0x7E);
    }

    @Test
    void anImagePutBackIsTheCardAsItWas() {
        tap(1);
        VirtualDesfire.Image image = card.snapshot();
        tap(2);
        assertThat(card.counter()).isEqualTo(2);
        write(record(3));
        card.restore(image);
        assertThat(card.counter()).isEqualTo(1);
        open();
        tap(4);
        assertThat(kept()).containsExactly("01", "04");
        card.restore(image);
        assertThat(kept()).containsExactly("01");
    }
}
