package org.hourtap.server.certificates;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.hourtap.contract.BookId;
import org.hourtap.contract.TerminalId;
import org.hourtap.runtime.DataFolder;
import org.hourtap.runtime.SystemTime;

/// The hub's own certificate authority. Terminals trust it and nothing else, so it is made once, at
/// the first start, and never again by itself: a hub that cannot read it says so and stops. What it
/// signs for the hub's own use is renewed at a start when needed.
public final class CertificateAuthority {
    private static final System.Logger LOG = System.getLogger(CertificateAuthority.class.getName());

    private static final String AUTHORITY_FILE = "authority.pem";
    private static final String BROKER_FILE = "broker.pem";
    private static final String HUB_FILE = "hub.pem";

    /// Longer than a terminal lives; a change of authority means enrolling all of them again.
    private static final Duration AUTHORITY_LIFE = Duration.ofDays(3652);

    /// Several restarts for updates happen in less.
    private static final Duration LEAF_LIFE = Duration.ofDays(1826);

    /// What the hub uses itself is renewed this long before its end, at a start.
    private static final Duration RENEW_BEFORE = Duration.ofDays(365);

    private static final List<String> LOCAL_NAMES = List.of("localhost", "127.0.0.1");

    private final Path folder;
    private final LongSupplier wallMicros;
    private final Credential authority;
    private final Credential broker;
    private final Credential hub;

    /// A certificate for a terminal.
    ///
    /// @param pem what the terminal keeps
    /// @param serial what the hub keeps, hexadecimal, to tell it from an earlier one of this name
    public record Issued(String pem, String serial) {}

    private CertificateAuthority(
            Path folder,
            LongSupplier wallMicros,
            Credential authority,
            Credential broker,
            Credential hub) {
        this.folder = folder;
        this.wallMicros = wallMicros;
        this.authority = authority;
        this.broker = broker;
        this.hub = hub;
    }

    /// Loads the authority, or makes it when this hub has never had one.
    ///
    /// @param folder a folder of its own inside the data folder
    /// @param hostNames what terminals call this hub by, besides localhost: names or addresses
    /// @param hasTerminals whether terminals are enrolled already, so that a missing authority is a
    ///   loss and not a first start
    /// @param wallMicros the clock, microseconds since 1970
    /// @throws CertificateProblem if a file is missing or damaged, or a host name is not one
    public static CertificateAuthority open(
            Path folder,
            Collection<String> hostNames,
            boolean hasTerminals,
            LongSupplier wallMicros)
            throws IOException, CertificateProblem {
        DataFolder.make(folder);
        Instant now = now(wallMicros);
        NavigableSet<String> names = new TreeSet<>(LOCAL_NAMES);
        hostNames.stream().map(HostName::normal).forEach(names::add);
        for (String name : names) {
            HostName.require(name);
        }
        try {
            Credential authority = authority(folder, hasTerminals, now);
            Credential broker = broker(folder, authority, names, now);
            Credential hub = hub(folder, authority, now);
            return new CertificateAuthority(folder, wallMicros, authority, broker, hub);
        } catch (GeneralSecurityException e) {
            throw new CertificateProblem("Certificates in " + folder + " cannot be made.", e);
        }
    }

    /// Gives a terminal its certificate. The caller has checked that it may have one.
    ///
    /// @param subjectPublicKey the terminal's public key, as it came from the terminal
    /// @throws IllegalArgumentException with a sentence for the person enrolling
    public Issued issue(BookId book, TerminalId terminal, byte[] subjectPublicKey) {
        if (terminal.value().equals(Holder.HUB_NAME)) {
            throw new IllegalArgumentException("A terminal cannot be named hub: the hub is.");
        }
        PublicKey key = P256.decode(subjectPublicKey);
        try {
            X509Certificate issued =
                    new Signer(authority)
                            .sign(
                                    Holder.terminalName(book, terminal),
                                    key,
                                    now(wallMicros).plus(LEAF_LIFE),
                                    KeyPurposeId.id_kp_clientAuth,
                                    List.of());
            return new Issued(Credential.pem(issued), issued.getSerialNumber().toString(16));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("a checked key can be certified", e);
        }
    }

    /// @return PEM of the certificate that terminals check the broker's against
    public String authorityPem() {
        return Credential.pem(authority.certificate());
    }

    /// @return TLS as the hub, for its own connection to a broker
    public SSLContext hubContext() {
        return TlsStores.context(hub, authority.certificate());
    }

    /// Writes what a broker in this process needs to files that only this user can read, under a
    /// password that only this process knows.
    public TlsStores brokerStores() throws IOException {
        String password = HexFormat.of().formatHex(SystemTime.randomBytes(20));
        return TlsStores.write(folder, broker, authority.certificate(), password);
    }

    private static Credential authority(Path folder, boolean hasTerminals, Instant now)
            throws IOException, CertificateProblem, GeneralSecurityException {
        Path file = folder.resolve(AUTHORITY_FILE);
        String advice = startOver(folder);
        if (Files.exists(file)) {
            Credential known = readOr(file, advice);
            Instant end = known.certificate().getNotAfter().toInstant();
            if (!end.isAfter(now)) {
                throw new CertificateProblem(
                        "The hub's certificate authority ended on " + end + "." + advice);
            }
            if (end.isBefore(now.plus(RENEW_BEFORE))) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "The hub''s certificate authority ends on {0}; plan to enrol every"
                                + " terminal again before.",
                        end);
            }
            return known;
        }
        boolean wasHere =
                Files.exists(folder.resolve(BROKER_FILE)) || Files.exists(folder.resolve(HUB_FILE));
        if (hasTerminals || wasHere) {
            throw new CertificateProblem(
                    "The hub's certificate authority, "
                            + file
                            + ", is missing, but terminals may trust it."
                            + advice);
        }
        Credential made = Signer.selfSigned(now.plus(AUTHORITY_LIFE));
        made.write(file);
        return made;
    }

    private static Credential broker(
            Path folder, Credential authority, NavigableSet<String> names, Instant now)
            throws IOException, CertificateProblem, GeneralSecurityException {
        Path file = folder.resolve(BROKER_FILE);
        if (Files.exists(file)) {
            Credential known = readOr(file, " Delete it; a new one is made at the next start.");
            if (isUsable(known, authority, now)
                    && HostName.namesIn(known.certificate()).equals(names)) {
                return known;
            }
        }
        X500Name name = new X500Name("CN=Hourtap broker");
        return make(file, authority, name, KeyPurposeId.id_kp_serverAuth, List.copyOf(names), now);
    }

    private static Credential hub(Path folder, Credential authority, Instant now)
            throws IOException, CertificateProblem, GeneralSecurityException {
        Path file = folder.resolve(HUB_FILE);
        if (Files.exists(file)) {
            Credential known = readOr(file, " Delete it; a new one is made at the next start.");
            if (isUsable(known, authority, now)) {
                return known;
            }
        }
        X500Name name = Holder.hubName();
        return make(file, authority, name, KeyPurposeId.id_kp_clientAuth, List.of(), now);
    }

    private static Credential make(
            Path file,
            Credential authority,
            X500Name name,
            KeyPurposeId purpose,
            List<String> hostNames,
            Instant now)
            throws IOException, GeneralSecurityException {
        KeyPair pair = P256.generate();
        X509Certificate certificate =
                new Signer(authority)
                        .sign(name, pair.getPublic(), now.plus(LEAF_LIFE), purpose, hostNames);
        Credential made = new Credential(pair.getPrivate(), certificate);
        made.write(file);
        return made;
    }

    private static boolean isUsable(Credential known, Credential authority, Instant now) {
        try {
            known.certificate().verify(authority.certificate().getPublicKey());
        } catch (GeneralSecurityException e) {
            return false;
        }
        Instant end = known.certificate().getNotAfter().toInstant();
        // Near the authority's own end a renewal would gain nothing.
        return end.isAfter(now.plus(RENEW_BEFORE))
                || (end.isAfter(now)
                        && end.equals(authority.certificate().getNotAfter().toInstant()));
    }

    private static Credential readOr(Path file, String advice) throws CertificateProblem {
        try {
            return Credential.read(file);
        } catch (CertificateProblem e) {
            throw e.getCause() == null ? e : new CertificateProblem(e.getMessage() + advice, e);
        }
    }

    private static String startOver(Path folder) {
        return " Restore it from a backup of the data folder. Without one, move the whole folder "
                + folder
                + " away and start again: a new authority is made then, and every terminal has to"
                + " be enrolled again.";
    }

    private static Instant now(LongSupplier wallMicros) {
        return Instant.ofEpochMilli(wallMicros.getAsLong() / 1000);
    }
}
