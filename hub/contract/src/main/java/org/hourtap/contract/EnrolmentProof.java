package org.hourtap.contract;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// HMAC-SHA256, keyed with the enrolment code, over texts each preceded by its length. The lengths
/// make sure that no two different lists of texts give the same bytes.
final class EnrolmentProof {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int BYTES = 32;

    private EnrolmentProof() {}

    /// @param purpose differs between request and reply, so that neither can stand for the other
    static String of(EnrolmentCode code, String purpose, String... texts) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(utf8(code.value()), ALGORITHM));
            add(mac, purpose);
            for (String text : texts) {
                add(mac, text);
            }
            return Base64.getEncoder().encodeToString(mac.doFinal());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    /// Compares without telling by its duration where the difference is.
    static boolean isSame(String proof, String expected) {
        return MessageDigest.isEqual(utf8(proof), utf8(expected));
    }

    static void require(String proof) {
        if (decoded("proof", proof).length != BYTES) {
            throw new IllegalArgumentException("proof must be 32 bytes");
        }
    }

    static byte[] decoded(String what, String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(what + " is not base64", e);
        }
    }

    private static void add(Mac mac, String text) {
        byte[] bytes = utf8(text);
        mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
        mac.update(bytes);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
