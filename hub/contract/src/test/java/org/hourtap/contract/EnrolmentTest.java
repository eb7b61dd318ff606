package org.hourtap.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class EnrolmentTest {
    private static final BookId BOOK = new BookId("vale");
    private static final TerminalId POOL = new TerminalId("pool-1");
    private static final EnrolmentCode CODE = new EnrolmentCode("0123456789ABCDEFGHJK");
    private static final EnrolmentCode OTHER = new EnrolmentCode("0123456789ABCDEFGHJM");
    private static final String KEY = "AQID";
    private static final String CERTIFICATE =
            "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
    private static final String AUTHORITY = CERTIFICATE.replace("AA", "BB");

    private static EnrolmentRequest request() {
        return EnrolmentRequest.prove(CODE, POOL, KEY);
    }

    private static EnrolmentReply reply() {
        return EnrolmentReply.prove(CODE, request(), BOOK, CERTIFICATE, AUTHORITY, 8883);
    }

    @Test
    void aCodeIsTheFirstHundredBitsInCrockfordsBase32() {
        byte[] counting = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13};
        byte[] mixed = {(byte) 200, (byte) 237, 18, 55, 92, (byte) 129, (byte) 166, (byte) 203};
        byte[] rest = {(byte) 240, 21, 58, 95, (byte) 132, 99};
        byte[] longer = Arrays.copyOf(mixed, 14);
        System.arraycopy(rest, 0, longer, 8, 6);
        byte[] ones = new byte[EnrolmentCode.RANDOM_BYTES];
        Arrays.fill(ones, (byte) 0xff);
        assertThat(EnrolmentCode.mint(counting).value()).isEqualTo("041061050R3GG28A1C60");
        assertThat(EnrolmentCode.mint(longer).value()).isEqualTo("S3PH4DTWG6KCQW0N79FR");
        assertThat(EnrolmentCode.mint(ones).value()).isEqualTo("Z".repeat(20));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EnrolmentCode.mint(new byte[EnrolmentCode.RANDOM_BYTES - 1]));
    }

    @Test
    void aCodeIsReadAsPeopleTypeIt() {
        assertThat(CODE.shown()).isEqualTo("0123-4567-89AB-CDEF-GHJK");
        for (String typed :
                List.of(
                        CODE.shown(),
                        "0123456789abcdefghjk",
                        " oI23 4567 89ab cdef ghjk\n",
                        "O-l-2-3-4-5-6-7-8-9-A-B-C-D-E-F-G-H-J-K")) {
            assertThat(EnrolmentCode.parse(typed)).as(typed).isEqualTo(CODE);
        }
    }

    @Test
    void aCodeMistypedSaysWhatIsWrongWithIt() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EnrolmentCode.parse("0123-4567-89AB-CDEF-GHJ"))
                .withMessageContaining("this one has 19");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EnrolmentCode.parse("0123-4567-89AB-CDEF-GHJK-M"))
                .withMessageContaining("this one has 21");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EnrolmentCode.parse("0123-U567-89AB-CDEF-GHJK"))
                .withMessageContaining("Character 5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EnrolmentCode.parse("0".repeat(101)))
                .withMessageContaining("far longer");
        assertThatIllegalArgumentException().isThrownBy(() -> new EnrolmentCode("short"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EnrolmentCode("U".repeat(20)))
                .withMessageNotContaining("UU");
    }

    @Test
    void aCodeDoesNotShowItselfInTexts() {
        assertThat(CODE + "").isEqualTo("EnrolmentCode(hidden)");
        assertThat(request().toString()).doesNotContain(CODE.value());
    }

    @Test
    void proofsAreThoseOfAnotherImplementation() {
        assertThat(request().proof()).isEqualTo("xQvi/KQfXv274YyTdxzhq3NR/wIBDBWbh+WChsmSxYk=");
        assertThat(reply().proof()).isEqualTo("67wYaOOAmH/dp7vhamZScMH9U0Pnbh7qWe4BPUEuyJU=");
    }

    @Test
    void aRequestIsProvenOnlyByItsCodeAndUnchanged() {
        EnrolmentRequest request = request();
        assertThat(request.isProvenBy(CODE)).isTrue();
        assertThat(request.isProvenBy(OTHER)).isFalse();
        TerminalId theatre = new TerminalId("theatre");
        assertThat(new EnrolmentRequest(theatre, KEY, request.proof()).isProvenBy(CODE)).isFalse();
        assertThat(new EnrolmentRequest(POOL, "AQIE", request.proof()).isProvenBy(CODE)).isFalse();
        assertThat(new EnrolmentRequest(POOL, KEY, reply().proof()).isProvenBy(CODE)).isFalse();
        assertThat(request.publicKeyBytes()).containsExactly(1, 2, 3);
    }

    @Test
    void whereOneTextEndsIsPartOfTheProof() {
        assertThat(EnrolmentProof.of(CODE, "p", "ab", "c"))
                .isNotEqualTo(EnrolmentProof.of(CODE, "p", "a", "bc"));
    }

    @Test
    void aReplyIsProvenOnlyByItsCodeForItsRequestAndUnchanged() {
        EnrolmentReply good = reply();
        String proof = good.proof();
        assertThat(good.isProvenBy(CODE, request())).isTrue();
        assertThat(good.isProvenBy(OTHER, request())).isFalse();
        assertThat(good.isProvenBy(CODE, EnrolmentRequest.prove(CODE, POOL, "AQIE"))).isFalse();
        TerminalId theatre = new TerminalId("theatre");
        BookId other = new BookId("other");
        for (EnrolmentReply changed :
                List.of(
                        new EnrolmentReply(other, POOL, CERTIFICATE, AUTHORITY, 8883, proof),
                        new EnrolmentReply(BOOK, theatre, CERTIFICATE, AUTHORITY, 8883, proof),
                        new EnrolmentReply(BOOK, POOL, AUTHORITY, AUTHORITY, 8883, proof),
                        new EnrolmentReply(BOOK, POOL, CERTIFICATE, CERTIFICATE, 8883, proof),
                        new EnrolmentReply(BOOK, POOL, CERTIFICATE, AUTHORITY, 8884, proof))) {
            assertThat(changed.isProvenBy(CODE, request())).as(changed.toString()).isFalse();
        }
    }

    @Test
    void requestAndReplyComeBackFromTheirBytes() throws MalformedMessageException {
        byte[] request = EnrolmentCodec.encode(request());
        assertThat(new String(request, StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"v\":1,\"terminal\":\"pool-1\",\"publicKey\":\"AQID\",\"proof\":"
                                + "\"xQvi/KQfXv274YyTdxzhq3NR/wIBDBWbh+WChsmSxYk=\"}");
        assertThat(EnrolmentCodec.decodeRequest(request)).isEqualTo(request());
        byte[] reply = EnrolmentCodec.encode(reply());
        assertThat(new String(reply, StandardCharsets.UTF_8))
                .startsWith("{\"v\":1,\"book\":\"vale\",\"terminal\":\"pool-1\",\"certificate\":")
                .contains("\"brokerPort\":8883");
        assertThat(EnrolmentCodec.decodeReply(reply)).isEqualTo(reply());
    }

    @Test
    void otherBytesAreRefusedWithAReason() {
        String good = new String(EnrolmentCodec.encode(request()), StandardCharsets.UTF_8);
        for (String bad :
                List.of(
                        "",
                        "null",
                        "[]",
                        "not json",
                        good + good,
                        good.replace("\"v\":1", "\"v\":2"),
                        good.replace("\"v\":1,", ""),
                        good.replace("pool-1", "pool/+"),
                        good.replace("\"pool-1\"", "null"),
                        good.replace("\"pool-1\"", "17"),
                        good.replace("AQID", "*"),
                        good.replace("AQID", ""),
                        good.replace("AQID", "A".repeat(516)),
                        good.replace("\"AQID\"", "{\"a\":{\"a\":{}}}"),
                        good.replace("xQvi", "xQ"),
                        good.replace("xQvi/KQf", ""))) {
            assertThatExceptionOfType(MalformedMessageException.class)
                    .as(bad)
                    .isThrownBy(() ->
                            EnrolmentCodec.decodeRequest(bad.getBytes(StandardCharsets.UTF_8)))
                    .withMessageContaining("enrolment");
        }
        assertThatExceptionOfType(MalformedMessageException.class)
                .isThrownBy(
                        () -> EnrolmentCodec.decodeRequest(new byte[EnrolmentCodec.BYTES_MAX + 1]))
                .withMessageContaining("larger");
    }

    @Test
    void aReplyWithoutCertificatesOrPortIsRefused() {
        String proof = reply().proof();
        for (int port : new int[] {0, -1, 65_536}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() ->
                            new EnrolmentReply(BOOK, POOL, CERTIFICATE, AUTHORITY, port, proof))
                    .withMessageContaining("port");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EnrolmentReply(BOOK, POOL, "x", AUTHORITY, 1, proof))
                .withMessageContaining("certificate");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EnrolmentReply(BOOK, POOL, CERTIFICATE, "x", 65_535, proof))
                .withMessageContaining("authority");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new EnrolmentReply(
                                BOOK, POOL, CERTIFICATE + " ".repeat(4000), AUTHORITY, 8883, proof))
                .withMessageContaining("certificate");
    }
}
