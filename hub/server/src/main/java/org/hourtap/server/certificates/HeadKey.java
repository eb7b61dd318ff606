package org.hourtap.server.certificates;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.util.io.pem.PemObject;
import org.hourtap.contract.BookId;
import org.hourtap.contract.SignedHead;
import org.hourtap.runtime.DataFolder;

/// The hub's key for signing heads of its journals, and for nothing else: Ed25519, made at the
/// first start, in the folder of the certificates. Its public half is what an auditor keeps
/// elsewhere.
public final class HeadKey {
    private static final String FILE = "heads.pem";
    private static final String ALGORITHM = "Ed25519";
    private static final String PRIVATE = "PRIVATE KEY";
    private static final String PUBLIC = "PUBLIC KEY";

    /// Ours take 250 bytes.
    private static final int FILE_BYTES_MAX = 16 * 1024;

    private final PrivateKey key;
    private final PublicKey publicKey;

    private HeadKey(PrivateKey key, PublicKey publicKey) {
        this.key = key;
        this.publicKey = publicKey;
    }

    /// Loads the key, or makes it when there is none. A hub whose key was lost signs with another
    /// one from then on; what was signed before stays provable with the old public half.
    ///
    /// @param folder of the certificates
    public static HeadKey open(Path folder) throws IOException, CertificateProblem {
        if (Files.exists(folder.resolve(FILE))) {
            return read(folder);
        }
        try {
            DataFolder.make(folder);
            KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
            String text =
                    Credential.pem(new PemObject(PRIVATE, pair.getPrivate().getEncoded()))
                            + pem(pair.getPublic());
            DataFolder.writePrivate(folder.resolve(FILE), text.getBytes(StandardCharsets.US_ASCII));
            return new HeadKey(pair.getPrivate(), pair.getPublic());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has Ed25519", e);
        }
    }

    /// Loads the key that a hub made.
    ///
    /// @throws CertificateProblem if there is none, others can read it, or it is damaged
    public static HeadKey read(Path folder) throws IOException, CertificateProblem {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            throw new CertificateProblem(
                    "There is no key for heads at " + file + ": a hub makes it at its next start.");
        }
        if (DataFolder.isReadableByOthers(file)) {
            throw new CertificateProblem(
                    "Others can read the private key in " + file + ". Run: chmod 600 " + file);
        }
        try (PEMParser parser = new PEMParser(new StringReader(text(file)))) {
            KeyFactory keys = KeyFactory.getInstance(ALGORITHM);
            PrivateKey key = keys.generatePrivate(new PKCS8EncodedKeySpec(next(parser, PRIVATE)));
            PublicKey publicKey = keys.generatePublic(new X509EncodedKeySpec(next(parser, PUBLIC)));
            HeadKey read = new HeadKey(key, publicKey);
            byte[] sample = publicKey.getEncoded();
            if (!isSigned(publicKey, sample, read.sign(sample))) {
                throw new GeneralSecurityException("the two halves do not belong together");
            }
            return read;
        } catch (GeneralSecurityException | IOException e) {
            throw new CertificateProblem(
                    "The file "
                            + file
                            + " is damaged. Restore it from a backup of the data folder, or move it"
                            + " away: a new key is made at the next start, and auditors need its"
                            + " public half.",
                    e);
        }
    }

    /// @param pem as [#publicPem] writes it
    /// @throws IOException if that is not in the file
    public static PublicKey readPublic(Path pem) throws IOException {
        try (PEMParser parser = new PEMParser(new StringReader(text(pem)))) {
            return KeyFactory.getInstance(ALGORITHM)
                    .generatePublic(new X509EncodedKeySpec(next(parser, PUBLIC)));
        } catch (GeneralSecurityException e) {
            throw new IOException("it is not an Ed25519 key in PEM", e);
        }
    }

    /// @return whether the holder of the key has signed these bytes
    private static boolean isSigned(PublicKey by, byte[] signed, byte[] signature) {
        try {
            Signature check = Signature.getInstance(ALGORITHM);
            check.initVerify(by);
            check.update(signed);
            return check.verify(signature);
        } catch (GeneralSecurityException e) {
            return false; // such as a signature of another length
        }
    }

    private byte[] sign(byte[] bytes) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(key);
            signature.update(bytes);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a key that was checked can sign", e);
        }
    }

    /// Signs where a journal stands, or stood.
    ///
    /// @param number of a transfer, from 1
    /// @param hash that transfer's, 64 hexadecimal digits in lower case
    /// @param nowMicros the hub's clock, microseconds since 1970
    public SignedHead sign(BookId book, long number, String hash, long nowMicros) {
        Instant at = Instant.ofEpochSecond(nowMicros / 1_000_000);
        byte[] said = bytes(new SignedHead(book, number, hash, at, ""));
        return new SignedHead(
                book,
                number,
                hash,
                at,
                Base64.getUrlEncoder().withoutPadding().encodeToString(sign(said)));
    }

    /// @return whether the holder of the key has signed this head
    public static boolean isSigned(PublicKey by, SignedHead head) {
        return isSigned(by, bytes(head), Base64.getUrlDecoder().decode(head.signature()));
    }

    private static byte[] bytes(SignedHead head) {
        return head.said().getBytes(StandardCharsets.US_ASCII);
    }

    public PublicKey publicKey() {
        return publicKey;
    }

    public String publicPem() {
        return pem(publicKey);
    }

    private static String pem(PublicKey key) {
        return Credential.pem(new PemObject(PUBLIC, key.getEncoded()));
    }

    private static String text(Path file) throws IOException {
        if (Files.size(file) > FILE_BYTES_MAX) {
            throw new IOException("it is too large for a key");
        }
        return Files.readString(file, StandardCharsets.US_ASCII);
    }

    private static byte[] next(PEMParser parser, String kind) throws IOException {
        PemObject object = parser.readPemObject();
        if (object == null || !object.getType().equals(kind)) {
            throw new IOException("there is no " + kind + " in it");
        }
        return object.getContent();
    }
}
