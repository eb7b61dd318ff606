package org.hourtap.smartcardio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import javax.smartcardio.CardException;
import javax.smartcardio.CardNotPresentException;
import org.junit.jupiter.api.Test;

final class PcscErrorTest {
    @Test
    void everyCodeIsFoundByItsNumber() {
        for (var error : PcscError.values()) {
            assertThat(PcscError.of(error.code())).isEqualTo(error);
        }
    }

    @Test
    void aMessageNamesTheCallTheCodeAndWhatToDo() {
        assertThat(PcscError.exception("SCardConnect", 0x8010002E))
                .hasMessage(
                        "SCardConnect: SCARD_E_NO_READERS_AVAILABLE (0x8010002E): pcscd knows no"
                                + " card reader; plug one in, then: pcsc_scan -r");
        assertThat(PcscError.exception("SCardConnect", 0x8010006A))
                .hasMessageContaining("polkit rule");
        assertThat(PcscError.exception("SCardEstablishContext", 0x8010001D))
                .hasMessageContaining("systemctl restart pcscd.socket");
    }

    @Test
    void aCodeOfANewerLibraryIsShownByItsNumber() {
        assertThat(PcscError.exception("SCardStatus", 0x801000FE))
                .hasMessage("SCardStatus: UNKNOWN (0x801000FE)");
    }

    @Test
    void onlyAMissingCardIsCardNotPresent() {
        for (var error : PcscError.values()) {
            var missing =
                    error == PcscError.SCARD_E_NO_SMARTCARD
                            || error == PcscError.SCARD_W_REMOVED_CARD;
            assertThat(PcscError.exception("SCardTransmit", error.code()))
                    .isExactlyInstanceOf(
                            missing ? CardNotPresentException.class : CardException.class);
        }
    }

    @Test
    void aMissingLibraryNamesTheDebianPackage() {
        assertThatExceptionOfType(CardException.class)
                .isThrownBy(() -> PcscLibrary.load("libpcsclite-that-is-not-there.so.1"))
                .withMessageContaining("install the Debian package libpcsclite1");
    }
}
