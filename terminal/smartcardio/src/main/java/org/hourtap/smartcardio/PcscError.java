package org.hourtap.smartcardio;

import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.smartcardio.CardException;
import javax.smartcardio.CardNotPresentException;

/// The return codes of pcsc-lite by name, with advice where an operator can do something.
enum PcscError {
    SCARD_S_SUCCESS(0x00000000),
    SCARD_F_INTERNAL_ERROR(
            0x80100001,
            "pcscd has run out of handles or memory; restart it: systemctl restart pcscd"),
    SCARD_E_CANCELLED(0x80100002),
    SCARD_E_INVALID_HANDLE(0x80100003, Advice.DAEMON_GONE),
    SCARD_E_INVALID_PARAMETER(0x80100004),
    SCARD_E_INVALID_TARGET(0x80100005),
    SCARD_E_NO_MEMORY(0x80100006),
    SCARD_F_WAITED_TOO_LONG(0x80100007),
    SCARD_E_INSUFFICIENT_BUFFER(0x80100008),
    SCARD_E_UNKNOWN_READER(
            0x80100009, "the card reader is not there; check its cable, then: pcsc_scan -r"),
    SCARD_E_TIMEOUT(0x8010000A),
    SCARD_E_SHARING_VIOLATION(
            0x8010000B,
            "another program holds the card; stop it (pcsc_scan, gpg-agent, a browser)"),
    SCARD_E_NO_SMARTCARD(0x8010000C, "there is no card on the reader"),
    SCARD_E_UNKNOWN_CARD(0x8010000D),
    SCARD_E_CANT_DISPOSE(0x8010000E),
    SCARD_E_PROTO_MISMATCH(0x8010000F, "the card does not speak the protocol that was asked for"),
    SCARD_E_NOT_READY(0x80100010),
    SCARD_E_INVALID_VALUE(0x80100011),
    SCARD_E_SYSTEM_CANCELLED(0x80100012),
    SCARD_F_COMM_ERROR(0x80100013, Advice.DAEMON_GONE),
    SCARD_F_UNKNOWN_ERROR(0x80100014),
    SCARD_E_INVALID_ATR(0x80100015),
    SCARD_E_NOT_TRANSACTED(0x80100016, "the card left the field, or another card took its place"),
    SCARD_E_READER_UNAVAILABLE(
            0x80100017, "the card reader was unplugged; check its cable, then: pcsc_scan -r"),
    SCARD_P_SHUTDOWN(0x80100018),
    SCARD_E_PCI_TOO_SMALL(0x80100019),
    SCARD_E_READER_UNSUPPORTED(0x8010001A),
    SCARD_E_DUPLICATE_READER(0x8010001B),
    SCARD_E_CARD_UNSUPPORTED(0x8010001C),
    SCARD_E_NO_SERVICE(
            0x8010001D,
            "pcscd is not running, or refused this user; try: systemctl restart pcscd.socket;"
                    + " if the journal says NOT authorized, add a polkit rule for access_pcsc"),
    SCARD_E_SERVICE_STOPPED(0x8010001E, Advice.DAEMON_GONE),
    SCARD_E_UNSUPPORTED_FEATURE(0x8010001F),
    SCARD_E_ICC_INSTALLATION(0x80100020),
    SCARD_E_ICC_CREATEORDER(0x80100021),
    SCARD_E_DIR_NOT_FOUND(0x80100023),
    SCARD_E_FILE_NOT_FOUND(0x80100024),
    SCARD_E_NO_DIR(0x80100025),
    SCARD_E_NO_FILE(0x80100026),
    SCARD_E_NO_ACCESS(0x80100027),
    SCARD_E_WRITE_TOO_MANY(0x80100028),
    SCARD_E_BAD_SEEK(0x80100029),
    SCARD_E_INVALID_CHV(0x8010002A),
    SCARD_E_UNKNOWN_RES_MNG(0x8010002B),
    SCARD_E_NO_SUCH_CERTIFICATE(0x8010002C),
    SCARD_E_CERTIFICATE_UNAVAILABLE(0x8010002D),
    SCARD_E_NO_READERS_AVAILABLE(
            0x8010002E, "pcscd knows no card reader; plug one in, then: pcsc_scan -r"),
    SCARD_E_COMM_DATA_LOST(0x8010002F),
    SCARD_E_NO_KEY_CONTAINER(0x80100030),
    SCARD_E_SERVER_TOO_BUSY(0x80100031),
    SCARD_W_UNSUPPORTED_CARD(0x80100065),
    SCARD_W_UNRESPONSIVE_CARD(
            0x80100066, "the card does not answer; hold it still and flat on the reader"),
    SCARD_W_UNPOWERED_CARD(0x80100067),
    SCARD_W_RESET_CARD(0x80100068, "the card was reset meanwhile; it has to be tapped again"),
    SCARD_W_REMOVED_CARD(0x80100069, "the card left the field"),
    SCARD_W_SECURITY_VIOLATION(
            0x8010006A,
            "pcscd refuses this user, or has 200 clients already; add a polkit rule that allows"
                    + " org.debian.pcsc-lite.access_pcsc and access_card"),
    /// A code of a newer pcsc-lite. The message carries the number.
    UNKNOWN(0xFFFFFFFF);

    private static final Map<Integer, PcscError> BY_CODE =
            Stream.of(values()).collect(Collectors.toMap(error -> error.code, Function.identity()));

    private final int code;
    private final String advice;

    PcscError(int code) {
        this(code, "");
    }

    PcscError(int code, String advice) {
        this.code = code;
        this.advice = advice;
    }

    static PcscError of(int code) {
        return BY_CODE.getOrDefault(code, UNKNOWN);
    }

    /// Nothing if the call succeeded.
    ///
    /// @param call the C function, for the message
    static void check(String call, int code) throws CardException {
        if (code != SCARD_S_SUCCESS.code) {
            throw exception(call, code);
        }
    }

    /// What `javax.smartcardio` throws for this code.
    static CardException exception(String call, int code) {
        var error = of(code);
        var message = message(call, code, error);
        return switch (error) {
            case SCARD_E_NO_SMARTCARD, SCARD_W_REMOVED_CARD -> new CardNotPresentException(message);
            default -> new CardException(message);
        };
    }

    private static String message(String call, int code, PcscError error) {
        var text = String.format(Locale.ROOT, "%s: %s (0x%08X)", call, error, code);
        return error.advice.isEmpty() ? text : text + ": " + error.advice;
    }

    int code() {
        return code;
    }

    boolean is(int other) {
        return code == other;
    }

    /// Constants of an enum may not refer forward to its own static fields.
    private static final class Advice {
        static final String DAEMON_GONE =
                "pcscd was stopped or restarted; the next call connects anew";

        private Advice() {}
    }
}
