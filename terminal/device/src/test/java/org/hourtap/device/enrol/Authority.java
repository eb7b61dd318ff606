package org.hourtap.device.enrol;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.hourtap.contract.BookId;
import org.hourtap.contract.EnrolmentCode;
import org.hourtap.contract.EnrolmentReply;
import org.hourtap.contract.EnrolmentRequest;
import org.hourtap.device.testing.Taps;

/// The hub's certificate authority, as much of it as enrolment needs.
final class Authority {
    private Authority() {}

    static EnrolmentReply reply(EnrolmentRequest request, EnrolmentCode code) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        KeyPair own = generator.generateKeyPair();
        return EnrolmentReply.prove(
                code,
                request,
                new BookId("dinas"),
                certificate(own, "CN=pool-1", request.publicKeyBytes()),
                certificate(own, "CN=hub", own.getPublic().getEncoded()),
                8883);
    }

    private static String certificate(KeyPair issuer, String subject, byte[] publicKey)
            throws Exception {
        Instant from = Instant.EPOCH.plus(Taps.MORNING, ChronoUnit.MICROS);
        byte[] encoded =
                new X509v3CertificateBuilder(
                                new X500Name("CN=hub"),
                                BigInteger.TWO,
                                Date.from(from),
                                Date.from(from.plus(365, ChronoUnit.DAYS)),
                                new X500Name(subject),
                                SubjectPublicKeyInfo.getInstance(publicKey))
                        .build(
                                new JcaContentSignerBuilder("SHA256withECDSA")
                                        .build(issuer.getPrivate()))
                        .getEncoded();
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded)
                + "\n-----END CERTIFICATE-----\n";
    }
}
