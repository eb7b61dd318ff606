package org.hourtap.server.certificates;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.util.io.pem.PemObject;
import org.hourtap.runtime.DataFolder;

/// A private key with its certificate. Both live in one file, written at once, so that no crash can
/// leave one without the other.
record Credential(PrivateKey key, X509Certificate certificate) {
    /// Ours take 1 KB.
    private static final int FILE_BYTES_MAX = 64 * 1024;

    static Credential read(Path file) throws CertificateProblem {
        try {
            if (DataFolder.isReadableByOthers(file)) {
                throw new CertificateProblem(
                        "Others can read the private key in " + file + ". Run: chmod 600 " + file);
            }
            if (Files.size(file) > FILE_BYTES_MAX) {
                throw new IOException("too large for a certificate and a key");
            }
            return parse(Files.readString(file, StandardCharsets.US_ASCII));
        } catch (IOException | GeneralSecurityException | ClassCastException e) {
            throw damaged(file, e);
        }
    }

    void write(Path file) throws IOException {
        // As PKCS 8: the writer's own choice is an older form, which fewer programs read.
        String text = pem(certificate) + pem(new PemObject("PRIVATE KEY", key.getEncoded()));
        DataFolder.writePrivate(file, text.getBytes(StandardCharsets.US_ASCII));
    }

    static String pem(Object object) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        } catch (IOException e) {
            throw new IllegalStateException("a key or certificate has an encoding", e);
        }
        return text.toString();
    }

    private static Credential parse(String text) throws IOException, GeneralSecurityException {
        try (PEMParser parser = new PEMParser(new StringReader(text))) {
            X509CertificateHolder holder = (X509CertificateHolder) parser.readObject();
            PrivateKeyInfo info = (PrivateKeyInfo) parser.readObject();
            if (holder == null || info == null) {
                throw new IOException("the certificate or the key is missing");
            }
            Credential read =
                    new Credential(
                            new JcaPEMKeyConverter().getPrivateKey(info),
                            new JcaX509CertificateConverter().getCertificate(holder));
            read.requireMatch();
            return read;
        }
    }

    private void requireMatch() throws GeneralSecurityException {
        byte[] sample = certificate.getEncoded();
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(key);
        signature.update(sample);
        byte[] signed = signature.sign();
        signature.initVerify(certificate.getPublicKey());
        signature.update(sample);
        if (!signature.verify(signed)) {
            throw new GeneralSecurityException("the key is not the certificate's");
        }
    }

    private static CertificateProblem damaged(Path file, Throwable cause) {
        return new CertificateProblem("The file " + file + " is damaged.", cause);
    }
}
