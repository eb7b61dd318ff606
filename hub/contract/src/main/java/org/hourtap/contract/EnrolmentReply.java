package org.hourtap.contract;

/// The hub lets a terminal in.
///
/// @param book whose terminal it is now
/// @param certificate PEM of the terminal's client certificate
/// @param authority PEM of the certificate that the broker's own is checked against
/// @param proof that the hub, too, knows the code: without it a stranger on the network could make
///   a terminal trust a broker of his
public record EnrolmentReply(
        BookId book,
        TerminalId terminal,
        String certificate,
        String authority,
        int brokerPort,
        String proof) {
    private static final String PURPOSE = "hourtap enrolment 1 reply";

    /// A certificate of ours takes some 800 characters.
    private static final int PEM_LENGTH_MAX = 4000;

    private static final int PORT_MAX = 65_535;

    public EnrolmentReply {
        requirePem("certificate", certificate);
        requirePem("authority", authority);
        if (brokerPort < 1 || brokerPort > PORT_MAX) {
            throw new IllegalArgumentException("broker port must be 1 to 65535");
        }
        EnrolmentProof.require(proof);
    }

    /// Answers exactly this request: a reply recorded earlier fits no other.
    public static EnrolmentReply prove(
            EnrolmentCode code,
            EnrolmentRequest request,
            BookId book,
            String certificate,
            String authority,
            int brokerPort) {
        TerminalId terminal = request.terminal();
        String proof = proofOf(code, request, book, certificate, authority, brokerPort);
        return new EnrolmentReply(book, terminal, certificate, authority, brokerPort, proof);
    }

    /// @return whether whoever knows the code gave this answer to this request
    public boolean isProvenBy(EnrolmentCode code, EnrolmentRequest request) {
        String expected = proofOf(code, request, book, certificate, authority, brokerPort);
        return terminal.equals(request.terminal()) && EnrolmentProof.isSame(proof, expected);
    }

    private static String proofOf(
            EnrolmentCode code,
            EnrolmentRequest request,
            BookId book,
            String certificate,
            String authority,
            int brokerPort) {
        return EnrolmentProof.of(
                code,
                PURPOSE,
                request.terminal().value(),
                request.publicKey(),
                request.proof(),
                book.value(),
                certificate,
                authority,
                Integer.toString(brokerPort));
    }

    private static void requirePem(String what, String pem) {
        if (pem.length() > PEM_LENGTH_MAX || !pem.startsWith("-----BEGIN CERTIFICATE-----")) {
            throw new IllegalArgumentException(what + " must be PEM of at most 4000 characters");
        }
    }
}
