package org.hourtap.server.certificates;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.hourtap.runtime.DataFolder;

/// Keys and trust in the form that Java's TLS takes them.
///
/// @param keys PKCS12 with a private key and its chain
/// @param trust PKCS12 with the one authority to trust
/// @param password opens both; known to this process only
public record TlsStores(Path keys, Path trust, String password) {
    static TlsStores write(Path folder, Credential own, X509Certificate authority, String password)
            throws IOException {
        try {
            Path keys = folder.resolve("broker-keys.p12");
            Path trust = folder.resolve("broker-trust.p12");
            char[] secret = password.toCharArray();
            DataFolder.writePrivate(keys, bytes(keyStore(own, authority, secret), secret));
            DataFolder.writePrivate(trust, bytes(trustStore(authority), secret));
            return new TlsStores(keys, trust, password);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has PKCS12", e);
        }
    }

    static SSLContext context(Credential own, X509Certificate authority) {
        try {
            char[] none = new char[0];
            KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
            keys.init(keyStore(own, authority, none), none);
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(trustStore(authority));
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("every Java platform has TLS and PKCS12", e);
        }
    }

    private static KeyStore keyStore(Credential own, X509Certificate authority, char[] password)
            throws GeneralSecurityException, IOException {
        KeyStore store = empty();
        Certificate[] chain = {own.certificate(), authority};
        store.setKeyEntry("own", own.key(), password, chain);
        return store;
    }

    private static KeyStore trustStore(X509Certificate authority)
            throws GeneralSecurityException, IOException {
        KeyStore store = empty();
        store.setCertificateEntry("authority", authority);
        return store;
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static byte[] bytes(KeyStore store, char[] password)
            throws GeneralSecurityException, IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        store.store(bytes, password);
        return bytes.toByteArray();
    }

    /// Hides the password, because texts end up in logs.
    @Override
    public String toString() {
        return "TlsStores(" + keys + ", " + trust + ")";
    }
}
