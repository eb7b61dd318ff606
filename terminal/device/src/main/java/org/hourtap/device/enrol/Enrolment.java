package org.hourtap.device.enrol;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Properties;
import java.util.TreeMap;
import org.hourtap.contract.EnrolmentCode;
import org.hourtap.contract.EnrolmentCodec;
import org.hourtap.contract.EnrolmentReply;
import org.hourtap.contract.EnrolmentRequest;
import org.hourtap.contract.MalformedMessageException;
import org.hourtap.contract.TerminalId;
import org.hourtap.device.mqtt.TerminalIdentity;
import org.hourtap.runtime.DataFolder;

/// Asks the hub to let this terminal in, and keeps what it answers. The private key is made here
/// and never leaves; an answer is believed only if whoever gave it knows the code.
public final class Enrolment {
    private static final String PATH = "api/1/enrol";
    private static final Duration CONNECT_MAX = Duration.ofSeconds(10);

    /// The hub signs a certificate, which takes milliseconds.
    private static final Duration ANSWER_MAX = Duration.ofSeconds(30);

    private static final int OK = 200;
    private static final int PEM_LINE = 64;

    private final URI hub;
    private final TerminalId terminal;
    private final Path folder;

    /// @param hub where the hub's pages are, `http://…` or `https://…`
    public Enrolment(URI hub, TerminalId terminal, Path folder) throws EnrolmentException {
        boolean isHttp = "http".equals(hub.getScheme()) || "https".equals(hub.getScheme());
        if (!isHttp || hub.getHost() == null) {
            throw new EnrolmentException(
                    "The hub's address must look like http://hub.example:8080, not " + hub);
        }
        this.hub = hub;
        this.terminal = terminal;
        this.folder = folder;
    }

    /// Enrols and writes key, certificate, authority and configuration. The configuration comes
    /// last: with it the terminal is enrolled, and without it this can be done again.
    ///
    /// @param properties the configuration file; settings of other matters in it are kept
    public EnrolmentReply enrol(EnrolmentCode code, Path properties)
            throws EnrolmentException, InterruptedException {
        try {
            KeyPair pair = newKeyPair();
            String publicKey = Base64.getEncoder().encodeToString(pair.getPublic().getEncoded());
            EnrolmentRequest request = EnrolmentRequest.prove(code, terminal, publicKey);
            EnrolmentReply reply = ask(request);
            check(reply, code, request, pair);
            writePrivate(TerminalIdentity.KEY_FILE, pem(pair));
            writePrivate(TerminalIdentity.CERTIFICATE_FILE, reply.certificate());
            writePrivate(TerminalIdentity.AUTHORITY_FILE, reply.authority());
            DataFolder.writePrivate(
                    properties, configured(properties, reply).getBytes(StandardCharsets.UTF_8));
            return reply;
        } catch (IOException e) {
            throw new EnrolmentException(
                    "The answer of the hub could not be kept in " + folder + ": " + e.getMessage(),
                    e);
        } catch (GeneralSecurityException e) {
            throw new EnrolmentException("This Java cannot make an EC P-256 key.", e);
        }
    }

    private EnrolmentReply ask(EnrolmentRequest request)
            throws EnrolmentException, InterruptedException {
        URI address = URI.create(hub.toString().replaceAll("/*$", "") + "/" + PATH);
        HttpRequest post =
                HttpRequest.newBuilder(address)
                        .timeout(ANSWER_MAX)
                        .header("Content-Type", "application/json")
                        .POST(
                                HttpRequest.BodyPublishers.ofByteArray(
                                        EnrolmentCodec.encode(request)))
                        .build();
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT_MAX).build()) {
            HttpResponse<InputStream> response =
                    client.send(post, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                byte[] bytes = body.readNBytes(EnrolmentCodec.BYTES_MAX + 1);
                if (response.statusCode() != OK) {
                    throw refused(response.statusCode(), bytes);
                }
                return EnrolmentCodec.decodeReply(bytes);
            }
        } catch (IOException e) {
            throw new EnrolmentException(
                    "The hub at "
                            + hub
                            + " does not answer ("
                            + e.getClass().getSimpleName()
                            + "). Check the address and that the hub runs. The code is still good.",
                    e);
        } catch (MalformedMessageException e) {
            throw new EnrolmentException(
                    "What answers at " + hub + " is not a hub: " + e.getMessage(), e);
        }
    }

    private static EnrolmentException refused(int status, byte[] body) {
        String detail = Problem.detail(body);
        return new EnrolmentException(
                "The hub did not let this terminal in (status "
                        + status
                        + "). "
                        + (detail.isEmpty()
                                ? "Check the terminal's id and the code; a code works once and for"
                                        + " a short time."
                                : detail));
    }

    private static void check(
            EnrolmentReply reply, EnrolmentCode code, EnrolmentRequest request, KeyPair pair)
            throws EnrolmentException {
        if (!reply.isProvenBy(code, request)) {
            throw new EnrolmentException(
                    "Whoever answered does not know the code, so it may not be your hub. Nothing"
                            + " was kept. Check the hub's address and the network, and ask the hub"
                            + " for a new code.");
        }
        try {
            Certificate certificate =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(
                                    new ByteArrayInputStream(
                                            reply.certificate()
                                                    .getBytes(StandardCharsets.US_ASCII)));
            if (!Arrays.equals(
                    certificate.getPublicKey().getEncoded(), pair.getPublic().getEncoded())) {
                throw new EnrolmentException(
                        "The hub's certificate is for another key. Ask the hub for a new code.");
            }
        } catch (GeneralSecurityException e) {
            throw new EnrolmentException("The hub's certificate cannot be read.", e);
        }
    }

    private static KeyPair newKeyPair() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static String pem(KeyPair pair) {
        String base64 =
                Base64.getMimeEncoder(PEM_LINE, new byte[] {'\n'})
                        .encodeToString(pair.getPrivate().getEncoded());
        return "-----BEGIN PRIVATE KEY-----\n" + base64 + "\n-----END PRIVATE KEY-----\n";
    }

    private void writePrivate(String name, String text) throws IOException {
        DataFolder.writePrivate(folder.resolve(name), text.getBytes(StandardCharsets.US_ASCII));
    }

    private String configured(Path file, EnrolmentReply reply) throws IOException {
        Properties before = new Properties();
        if (Files.exists(file)) {
            before.load(new StringReader(Files.readString(file, StandardCharsets.UTF_8)));
        }
        TreeMap<String, String> settings = new TreeMap<>();
        before.stringPropertyNames().forEach(key -> settings.put(key, before.getProperty(key)));
        settings.put("terminal.id", reply.terminal().value());
        settings.put("book.id", reply.book().value());
        settings.put("mqtt.url", "ssl://" + hub.getHost() + ":" + reply.brokerPort());
        StringBuilder text = new StringBuilder("# Written by hourtap-terminal enrol.\n");
        settings.forEach((key, value) ->
                text.append(key).append(" = ").append(value.replace("\\", "\\\\")).append('\n'));
        return text.toString();
    }
}
