package org.hourtap.device.mqtt;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.hourtap.runtime.PromptTlsSockets;

/// What a terminal shows to the broker, and whom it believes: files in its data folder, written by
/// enrolment.
public final class TerminalIdentity {
    /// The private half of the key pair made on this device.
    public static final String KEY_FILE = "terminal.key";

    /// The hub's word that the key is this terminal's.
    public static final String CERTIFICATE_FILE = "terminal.crt";

    /// Whose word counts about the broker.
    public static final String AUTHORITY_FILE = "authority.crt";

    private TerminalIdentity() {}

    /// @throws IOException in words for the person who starts the terminal
    public static SSLSocketFactory load(Path folder) throws IOException {
        try {
            KeyStore own = KeyStore.getInstance("PKCS12");
            own.load(null, null);
            own.setKeyEntry(
                    "terminal",
                    key(folder.resolve(KEY_FILE)),
                    new char[0],
                    new Certificate[] {certificate(folder.resolve(CERTIFICATE_FILE))});
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("authority", certificate(folder.resolve(AUTHORITY_FILE)));
            return new PromptTlsSockets(context(own, trusted).getSocketFactory());
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(
                    "The key or a certificate in "
                            + folder
                            + " cannot be used ("
                            + e.getMessage()
                            + "). Enrol this terminal again: hourtap-terminal enrol",
                    e);
        }
    }

    private static SSLContext context(KeyStore own, KeyStore trusted)
            throws GeneralSecurityException {
        KeyManagerFactory keys =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, new char[0]);
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static PrivateKey key(Path file) throws IOException, GeneralSecurityException {
        String pem = read(file).replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        byte[] bytes = Base64.getDecoder().decode(pem);
        return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(bytes));
    }

    private static Certificate certificate(Path file) throws IOException, GeneralSecurityException {
        return CertificateFactory.getInstance("X.509")
                .generateCertificate(
                        new ByteArrayInputStream(read(file).getBytes(StandardCharsets.US_ASCII)));
    }

    private static String read(Path file) throws IOException {
        if (!Files.isReadable(file)) {
            throw new IOException(
                    file + " is missing. Enrol this terminal first: hourtap-terminal enrol");
        }
        return Files.readString(file, StandardCharsets.US_ASCII);
    }
}
