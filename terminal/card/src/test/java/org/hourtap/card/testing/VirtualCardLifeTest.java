package org.hourtap.card.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hourtap.card.testing.Probe.hex;
import static org.hourtap.card.testing.Probe.text;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/// A card from the factory becomes one of ours over the wire, in EV2 and in EV1 messaging; keys are
/// changed by who may; the NTAG.
class VirtualCardLifeTest {
    private static final byte[] MASTER = hex("0F1E2D3C4B5A69788796A5B4C3D2E1F0");
    private static final byte[] UID = hex("04A1B2C3D4E5F6");
    private static final byte[] ZERO = new byte[16];
    private static final byte[] NEW = hex("000102030405060708090A0B0C0D0E0F");
    private static final int OURS = PersonalCard.APPLICATION_ID;
    private static final String CREATE_OURS = "5548F5 EB 85";
    private static final String RECORD_FILE = "01 03 2011 200000 110000";

    private final VirtualDesfire card = VirtualDesfire.factory(UID).build();
    private final Probe probe = new Probe(card);

    private void ok(Comm comm, int instruction, String header, String data) {
        probe.send(comm, instruction, header, data, 0);
        assertThat(probe.status()).isZero();
    }

    private void refused(int status, Comm comm, int instruction, String header, String data) {
        probe.send(comm, instruction, header, data, 0);
        assertThat(probe.status()).isEqualTo(status);
    }

    private void openOurs() {
        probe.plain(0xCA, hex(CREATE_OURS));
        probe.select(OURS);
        assertThat(probe.ev2First(0, ZERO)).isTrue();
    }

    @Test
    void aFactoryCardIsPersonalisedOverTheWire() {
        openOurs();
        ok(Comm.MAC, 0xC0, RECORD_FILE, "");
        ok(Comm.FULL, 0xCE, "0F 01 F01F 02", text(NEW) + "07");
        for (int number = 4; number >= 0; number--) {
            assertThat(probe.ev2First(number, ZERO)).isTrue();
            probe.sendLast(0xC4, "0" + number, text(NEW) + "03");
            assertThat(probe.status()).isZero();
            assertThat(text(probe.plain(0x64, new byte[] {(byte) number}))).isEqualTo("03");
        }
        assertThat(probe.ev2First(1, ZERO)).isFalse();
        assertThat(probe.status()).isEqualTo(0xAE);
        card.reset();
        probe.select(OURS);
        assertThat(probe.ev2First(1, NEW)).isTrue();
        ok(Comm.FULL, 0x8B, "01 000000 200000", "AB".repeat(32));
        byte[] told = probe.send(Comm.MAC, 0xC7, "01", "", 12);
        byte[] input = hex("8B01000000200000" + "00".repeat(8) + "AB".repeat(32));
        assertThat(told).endsWith(CardCrypto.transactionMac(NEW, hex("01000000"), UID, input));
        assertThat(text(probe.send(Comm.MAC, 0xF5, "01", "", 13)))
                .isEqualTo("04032011200000110000010000");
        assertThat(text(probe.send(Comm.MAC, 0xF5, "0F", "", 6))).isEqualTo("0501F01F0207");
        assertThat(text(probe.send(Comm.MAC, 0x6F, "", "", 2))).isEqualTo("010F");
        assertThat(text(probe.send(Comm.MAC, 0x45, "", "", 2))).isEqualTo("EB85");
    }

    @Test
    void onlyTheMasterKeyMakesFilesAndTheSameKeyChangesAKey() {
        openOurs();
        assertThat(probe.ev2First(1, ZERO)).isTrue();
        refused(0x9D, Comm.MAC, 0xC0, RECORD_FILE, "");
        probe.plain(0xC0, hex(RECORD_FILE));
        assertThat(probe.status()).isEqualTo(0xAE);
        assertThat(probe.ev2First(0, ZERO)).isTrue();
        String another = text(NEW) + "01" + text(CardCrypto.crc(NEW));
        refused(0xAE, Comm.FULL, 0xC4, "01", another);
        assertThat(probe.ev2First(0, ZERO)).isTrue();
        ok(Comm.FULL, 0x54, "", "0B");
        ok(Comm.FULL, 0xC4, "01", another);
        assertThat(probe.ev2First(0, ZERO)).isTrue();
        refused(0x1E, Comm.FULL, 0xC4, "02", text(NEW) + "01" + "00000000");
        assertThat(probe.ev2First(1, NEW)).isTrue();
    }

    @Test
    void whatCannotBeMadeIsRefused() {
        for (String wrong : new String[] {"0000000B85", "5548F50B05", "5548F50B80", "5548F50BA5"}) {
            probe.plain(0xCA, hex(wrong));
            assertThat(probe.status()).as(wrong).isEqualTo(0x9E);
        }
        openOurs();
        ok(Comm.MAC, 0xC0, RECORD_FILE, "");
        refused(0xDE, Comm.MAC, 0xC0, RECORD_FILE, "");
        probe.select(Conversation.ROOT);
        probe.plain(0xCA, hex(CREATE_OURS));
        assertThat(probe.status()).isEqualTo(0xDE);
        probe.select(OURS);
        assertThat(probe.ev2First(0, ZERO)).isTrue();
        refused(0x9E, Comm.FULL, 0xCE, "0F 01 1011 02", text(NEW) + "00");
        assertThat(probe.ev2First(0, ZERO)).isTrue();
        refused(0x9E, Comm.MAC, 0xC0, "02 03 2011 200000 010000", "");
        assertThat(probe.ev2First(0, ZERO)).isTrue();
        refused(0x0E, Comm.MAC, 0xC0, "02 03 2011 200000 FFFFFF", "");
    }

    @Test
    void withTheCardsOwnAesKeyItIsFormatted() {
        VirtualDesfire ours = VirtualDesfire.with(UID, MASTER).cardKey(NEW).build();
        Probe office = new Probe(ours);
        office.plain(0xFC);
        assertThat(office.status()).isEqualTo(0xAE);
        assertThat(office.ev2First(0, NEW)).isTrue();
        assertThat(text(office.send(Comm.MAC, 0x6A, "", "", 3))).isEqualTo("5548F5");
        office.send(Comm.MAC, 0xFC, "", "", 0);
        office.select(OURS);
        assertThat(office.status()).isEqualTo(0xA0);
        assertThat(probe.ev2First(0, ZERO)).as("a factory card's own key is DES").isFalse();
        assertThat(probe.status()).isEqualTo(0xAE);
    }

    @Test
    void anApplicationIsDeletedWithItsMasterKey() {
        openOurs();
        assertThat(probe.ev2First(1, ZERO)).isTrue();
        refused(0x9D, Comm.MAC, 0xDA, "5548F5", "");
        assertThat(probe.ev2First(0, ZERO)).isTrue();
        probe.sendPlainAnswer(0xDA, "5548F5");
        assertThat(probe.status()).isZero();
        probe.select(OURS);
        assertThat(probe.status()).isEqualTo(0xA0);
    }

    @Test
    void ev1MessagingReadsWritesAndChangesKeys() {
        openOurs();
        assertThat(probe.ev1(0, ZERO)).isTrue();
        ok(Comm.PLAIN, 0xC0, RECORD_FILE, "");
        assertThat(text(probe.send(Comm.FULL, 0x51, "", "", 7))).isEqualTo(text(UID));
        assertThat(probe.ev1(1, ZERO)).isTrue();
        ok(Comm.FULL, 0x3B, "01 000000 200000", "CD".repeat(32));
        ok(Comm.PLAIN, 0xC7, "", "");
        assertThat(text(probe.send(Comm.FULL, 0xBB, "01 000000 010000", "", 32)))
                .isEqualTo("CD".repeat(32));
        assertThat(card.records()).hasSize(1);
        // More than the header promises.
        refused(0x7E, Comm.FULL, 0x3B, "01 000000 200000", "CD".repeat(48));
    }

    @Test
    void anEv1CardIsAnIdentityAndNoMore() {
        Probe old = new Probe(VirtualDesfire.with(UID, MASTER).ev1Only().build());
        old.select(OURS);
        byte[] key = CardCrypto.diversified(MASTER, UID, hex("5548F5"), 1);
        assertThat(old.ev2First(1, key)).isFalse();
        assertThat(old.ev1(1, key)).isTrue();
        assertThat(text(old.send(Comm.PLAIN, 0x64, "01", "", 1))).isEqualTo("00");
        old.send(Comm.PLAIN, 0xBD, "0F 000000 0C0000", "", 12);
        assertThat(old.status()).isEqualTo(0xF0);
        for (int unknown : new int[] {0x77, 0x8B, 0x8D, 0xAB, 0xAD, 0xCE}) {
            old.plain(unknown);
            assertThat(old.status()).isEqualTo(0x1C);
        }
    }

    @Test
    void anNtagProvesItselfAfterItsIsoSelect() {
        VirtualNtag tag = VirtualNtag.with(UID, MASTER);
        Probe reader = new Probe(tag);
        byte[] key = CardCrypto.diversified(MASTER, UID, hex("544EF5"), 1);
        assertThat(reader.ev2First(1, key)).isFalse();
        assertThat(reader.status()).isEqualTo(0x40);
        reader.select(OURS);
        assertThat(reader.status()).isEqualTo(0x1C);
        assertThat(answer(tag, "00A4040C07D276000085010200")).isEqualTo("6A82");
        assertThat(answer(tag, "00A4040C07D276000085010100")).isEqualTo("9000");
        assertThat(reader.ev2First(1, key)).isTrue();
        assertThat(text(reader.send(Comm.FULL, 0x51, "", "", 7))).isEqualTo(text(UID));
        assertThat(reader.send(Comm.MAC, 0x60, "", "", 28)).startsWith(hex("040402300011"));
        tag.reset();
        assertThat(reader.ev2First(1, key)).isFalse();
        assertThat(answer(tag, "FFCA000000")).isEqualTo("04A1B2C3D4E5F69000");
        assertThat(answer(card, "00A4040C07D276000085010100")).isEqualTo("6A82");
    }

    @Test
    void anNtagsKeysAreChangedWithItsKeyZero() {
        VirtualNtag tag = VirtualNtag.factory(UID);
        Probe reader = new Probe(tag);
        answer(tag, "00A4040C07D276000085010100");
        assertThat(reader.ev2First(0, ZERO)).isTrue();
        reader.send(Comm.FULL, 0xC4, "01", text(NEW) + "01" + text(CardCrypto.crc(NEW)), 0);
        assertThat(reader.status()).isZero();
        assertThat(reader.ev2First(1, ZERO)).isFalse();
        answer(tag, "00A4040C07D276000085010100");
        assertThat(reader.ev2First(1, NEW)).isTrue();
        VirtualNtag clone = VirtualNtag.clonedWithoutTheKey(UID, MASTER);
        Probe doubtful = new Probe(clone);
        answer(clone, "00A4040C07D276000085010100");
        byte[] key = CardCrypto.diversified(MASTER, UID, hex("544EF5"), 1);
        assertThat(doubtful.ev2First(1, key)).isFalse();
        assertThat(doubtful.status()).isEqualTo(0xAE);
    }

    private static String answer(VirtualCard card, String command) {
        return HexFormat.of().withUpperCase().formatHex(card.answer(hex(command)));
    }
}
