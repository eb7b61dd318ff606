package org.hourtap.server.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.hourtap.contract.BookId;
import org.hourtap.contract.TerminalId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateAuthorityTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final BookId VALE = new BookId("vale");
    private static final TerminalId POOL = new TerminalId("pool");

    @TempDir Path folder;

    private CertificateAuthority open(boolean hasTerminals, Duration later, String... hostNames)
            throws Exception {
        long micros = NOW.plus(later).toEpochMilli() * 1000;
        return CertificateAuthority.open(folder, List.of(hostNames), hasTerminals, () -> micros);
    }

    private CertificateAuthority open() throws Exception {
        return open(false, Duration.ZERO);
    }

    private static KeyPair key(String curve) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        return generator.generateKeyPair();
    }

    private static X509Certificate certificate(String pem) throws Exception {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(
                                new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
    }

    private X509Certificate certificateIn(String file) throws Exception {
        return certificate(Files.readString(folder.resolve(file)));
    }

    @Test
    void theAuthorityIsMadeOnceAndFoundAgain() throws Exception {
        String made = open().authorityPem();
        String broker = Files.readString(folder.resolve("broker.pem"));
        String hub = Files.readString(folder.resolve("hub.pem"));
        assertThat(open(true, Duration.ofDays(1)).authorityPem()).isEqualTo(made);
        assertThat(folder.resolve("broker.pem")).hasContent(broker);
        assertThat(folder.resolve("hub.pem")).hasContent(hub);
        X509Certificate authority = certificate(made);
        authority.verify(authority.getPublicKey());
        assertThat(authority.getBasicConstraints()).isZero();
        assertThat(authority.getNotAfter()).isAfter(NOW.plus(Duration.ofDays(3600)));
    }

    @Test
    void everyFileIsForItsOwnerOnly() throws Exception {
        open().brokerStores();
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.toList())
                    .hasSize(5)
                    .allSatisfy(file ->
                            assertThat(
                                            PosixFilePermissions.toString(
                                                    Files.getPosixFilePermissions(file)))
                                    .isEqualTo("rw-------"));
        }
    }

    @Test
    void aTerminalsCertificateNamesItAndItsBook() throws Exception {
        CertificateAuthority authority = open();
        KeyPair key = key("secp256r1");
        CertificateAuthority.Issued issued =
                authority.issue(VALE, POOL, key.getPublic().getEncoded());
        X509Certificate certificate = certificate(issued.pem());
        certificate.verify(certificate(authority.authorityPem()).getPublicKey());
        assertThat(certificate.getPublicKey()).isEqualTo(key.getPublic());
        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=pool,O=vale");
        assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
        assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
        assertThat(certificate.getNotAfter()).isEqualTo(NOW.plus(Duration.ofDays(1826)));
        assertThat(Holder.of(certificate))
                .contains(new Holder.Terminal(VALE, POOL, issued.serial()));
        assertThat(authority.issue(VALE, POOL, key.getPublic().getEncoded()).serial())
                .isNotEqualTo(issued.serial());
    }

    @Test
    void theHubsOwnCertificateIsTheHubsAndNoTerminalCanHaveIt() throws Exception {
        CertificateAuthority authority = open();
        assertThat(Holder.of(certificateIn("hub.pem"))).contains(new Holder.Hub());
        assertThat(Holder.of(certificateIn("broker.pem"))).isEmpty();
        assertThat(Holder.of(certificateIn("authority.pem"))).isEmpty();
        byte[] key = key("secp256r1").getPublic().getEncoded();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> authority.issue(VALE, new TerminalId("hub"), key))
                .withMessageContaining("hub");
    }

    @Test
    void keysOfAnotherKindAreRefused() throws Exception {
        CertificateAuthority authority = open();
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(2048);
        byte[] offCurve = key("secp256r1").getPublic().getEncoded();
        offCurve[offCurve.length - 1] ^= 1;
        for (byte[] bad :
                List.of(
                        new byte[0],
                        new byte[91],
                        new byte[4000],
                        rsa.generateKeyPair().getPublic().getEncoded(),
                        key("secp384r1").getPublic().getEncoded(),
                        KeyPairGenerator.getInstance("Ed25519")
                                .generateKeyPair()
                                .getPublic()
                                .getEncoded(),
                        offCurve)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> authority.issue(VALE, POOL, bad))
                    .withMessageContaining("EC P-256");
        }
    }

    @Test
    void theBrokersCertificateFollowsTheHostNames() throws Exception {
        open(false, Duration.ZERO, "Hub.Example.org ", "192.168.1.4", "::1");
        X509Certificate first = certificateIn("broker.pem");
        assertThat(HostName.namesIn(first))
                .isEqualTo(
                        Set.of(
                                "localhost",
                                "127.0.0.1",
                                "hub.example.org",
                                "192.168.1.4",
                                "0:0:0:0:0:0:0:1"));
        open(true, Duration.ZERO, "hub.example.org", "192.168.1.4", "0::1");
        assertThat(certificateIn("broker.pem")).isEqualTo(first);
        open(true, Duration.ZERO, "hub.example.org");
        assertThat(certificateIn("broker.pem")).isNotEqualTo(first);
        for (String bad : List.of("", "a b", "https://hub", "hub/", "-hub", "hub:80")) {
            assertThatExceptionOfType(CertificateProblem.class)
                    .as(bad)
                    .isThrownBy(() -> open(true, Duration.ZERO, bad))
                    .withMessageContaining("host name");
        }
    }

    @Test
    void theHubsCertificatesAreRenewedBeforeTheirEndAndTheAuthorityIsNot() throws Exception {
        String authority = open().authorityPem();
        X509Certificate broker = certificateIn("broker.pem");
        X509Certificate hub = certificateIn("hub.pem");
        open(true, Duration.ofDays(1400));
        assertThat(certificateIn("broker.pem")).isEqualTo(broker);
        assertThat(open(true, Duration.ofDays(1500)).authorityPem()).isEqualTo(authority);
        assertThat(certificateIn("broker.pem")).isNotEqualTo(broker);
        assertThat(certificateIn("hub.pem")).isNotEqualTo(hub);
        open(true, Duration.ofDays(3500));
        X509Certificate last = certificateIn("hub.pem");
        assertThat(last.getNotAfter()).isEqualTo(certificate(authority).getNotAfter());
        open(true, Duration.ofDays(3600));
        assertThat(certificateIn("hub.pem")).isEqualTo(last);
        assertThatExceptionOfType(CertificateProblem.class)
                .isThrownBy(() -> open(true, Duration.ofDays(3653)))
                .withMessageContaining("ended");
    }

    @Test
    void aMissingAuthorityIsNeverReplacedSilently() throws Exception {
        assertThatExceptionOfType(CertificateProblem.class)
                .isThrownBy(() -> open(true, Duration.ZERO))
                .withMessageContaining("authority.pem")
                .withMessageContaining("backup");
        open();
        Files.delete(folder.resolve("authority.pem"));
        assertThatExceptionOfType(CertificateProblem.class)
                .isThrownBy(this::open)
                .withMessageContaining("is missing")
                .withMessageContaining("backup");
        assertThat(folder.resolve("authority.pem")).doesNotExist();
    }

    @Test
    void aDamagedOrOpenFileIsReportedWithWhatToDo() throws Exception {
        open();
        Path authority = folder.resolve("authority.pem");
        String good = Files.readString(authority);
        String foreignKey =
                good.substring(0, good.indexOf("-----BEGIN PRIVATE"))
                        + Files.readString(folder.resolve("hub.pem"))
                                .replaceAll("(?s).*(?=-----BEGIN PRIVATE)", "");
        for (String bad :
                List.of(
                        "",
                        "rubbish",
                        good.substring(0, good.length() / 2),
                        good.substring(0, good.indexOf("-----BEGIN PRIVATE")),
                        good.substring(good.indexOf("-----BEGIN PRIVATE")),
                        foreignKey,
                        good + "x".repeat(70_000))) {
            Files.writeString(authority, bad);
            assertThatExceptionOfType(CertificateProblem.class)
                    .isThrownBy(this::open)
                    .withMessageContaining("authority.pem is damaged")
                    .withMessageContaining("backup");
            assertThat(authority).hasContent(bad);
        }
        Files.writeString(authority, good);
        Files.setPosixFilePermissions(authority, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatExceptionOfType(CertificateProblem.class)
                .isThrownBy(this::open)
                .withMessageContaining("chmod 600");
        Files.setPosixFilePermissions(authority, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(folder.resolve("broker.pem"), "rubbish");
        assertThatExceptionOfType(CertificateProblem.class)
                .isThrownBy(this::open)
                .withMessageContaining("broker.pem is damaged. Delete it");
        Files.delete(folder.resolve("broker.pem"));
        assertThat(open().authorityPem()).isNotEmpty();
    }

    @Test
    void theStoresDoNotShowTheirPassword() throws Exception {
        TlsStores stores = open().brokerStores();
        assertThat(stores.password()).hasSize(40);
        assertThat(stores.toString()).doesNotContain(stores.password());
        assertThat(open().brokerStores().password()).isNotEqualTo(stores.password());
    }
}
