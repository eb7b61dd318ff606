package org.hourtap.server.certificates;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.hourtap.runtime.SystemTime;

/// Puts an authority's signature under certificates.
record Signer(Credential authority) {
    /// Every certificate is valid from long ago, because a terminal without a clock starts up in
    /// the past and must still trust its hub.
    private static final Instant NOT_BEFORE = Instant.parse("2000-01-01T00:00:00Z");

    private static final int SERIAL_BYTES = 16;

    /// @param notAfter its end, unless the authority ends earlier
    /// @param hostNames names and addresses it stands for; empty unless it is a server's
    X509Certificate sign(
            X500Name subject,
            PublicKey key,
            Instant notAfter,
            KeyPurposeId purpose,
            List<String> hostNames)
            throws GeneralSecurityException, IOException {
        X509Certificate issuer = authority.certificate();
        Instant authorityEnd = issuer.getNotAfter().toInstant();
        Instant end = notAfter.isBefore(authorityEnd) ? notAfter : authorityEnd;
        JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
        X509v3CertificateBuilder builder =
                new JcaX509v3CertificateBuilder(
                        issuer, serial(), Date.from(NOT_BEFORE), Date.from(end), subject, key);
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
        builder.addExtension(
                Extension.subjectKeyIdentifier, false, ids.createSubjectKeyIdentifier(key));
        builder.addExtension(
                Extension.authorityKeyIdentifier,
                false,
                ids.createAuthorityKeyIdentifier(issuer.getPublicKey()));
        if (!hostNames.isEmpty()) {
            GeneralName[] names =
                    hostNames.stream().map(HostName::general).toArray(GeneralName[]::new);
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
        }
        return signed(builder, authority.key());
    }

    /// Makes a new authority.
    static Credential selfSigned(Instant notAfter) throws GeneralSecurityException, IOException {
        KeyPair pair = P256.generate();
        // A part of its own in the name, so that two hubs' authorities are told apart by eye.
        String part = HexFormat.of().formatHex(SystemTime.randomBytes(4));
        X500Name name = new X500Name("CN=Hourtap hub " + part);
        JcaX509v3CertificateBuilder builder =
                new JcaX509v3CertificateBuilder(
                        name,
                        serial(),
                        Date.from(NOT_BEFORE),
                        Date.from(notAfter),
                        name,
                        pair.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
        builder.addExtension(
                Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        builder.addExtension(
                Extension.subjectKeyIdentifier,
                false,
                new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
        return new Credential(pair.getPrivate(), signed(builder, pair.getPrivate()));
    }

    private static X509Certificate signed(X509v3CertificateBuilder builder, PrivateKey key)
            throws GeneralSecurityException {
        try {
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(
                                    new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException("cannot sign", e);
        }
    }

    private static BigInteger serial() {
        // Positive, and never zero.
        return new BigInteger(1, SystemTime.randomBytes(SERIAL_BYTES)).shiftRight(1).setBit(0);
    }
}
