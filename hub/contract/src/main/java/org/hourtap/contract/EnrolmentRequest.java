package org.hourtap.contract;

/// A terminal asks to join. Its key pair was made on the device, and only the public half leaves
/// it.
///
/// @param publicKey base64 of the SubjectPublicKeyInfo of an EC P-256 key
/// @param proof that whoever asks knows the code the hub printed for this terminal
public record EnrolmentRequest(TerminalId terminal, String publicKey, String proof) {
    private static final String PURPOSE = "hourtap enrolment 1 request";

    /// A P-256 key takes 124; more than this is no key of ours.
    private static final int KEY_LENGTH_MAX = 512;

    public EnrolmentRequest {
        if (publicKey.length() > KEY_LENGTH_MAX
                || EnrolmentProof.decoded("public key", publicKey).length == 0) {
            throw new IllegalArgumentException("public key must be 1 to 512 characters");
        }
        EnrolmentProof.require(proof);
    }

    /// @param publicKey base64 of the terminal's SubjectPublicKeyInfo
    public static EnrolmentRequest prove(
            EnrolmentCode code, TerminalId terminal, String publicKey) {
        return new EnrolmentRequest(terminal, publicKey, proofOf(code, terminal, publicKey));
    }

    /// @return whether the request was made with this code and not changed since
    public boolean isProvenBy(EnrolmentCode code) {
        return EnrolmentProof.isSame(proof, proofOf(code, terminal, publicKey));
    }

    /// @return the key's bytes, not yet known to be a key
    public byte[] publicKeyBytes() {
        return EnrolmentProof.decoded("public key", publicKey);
    }

    private static String proofOf(EnrolmentCode code, TerminalId terminal, String publicKey) {
        return EnrolmentProof.of(code, PURPOSE, terminal.value(), publicKey);
    }
}
