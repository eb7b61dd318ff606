package org.hourtap.simulator.instances;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.hourtap.contract.BookId;
import org.hourtap.contract.TerminalId;
import org.hourtap.simulator.demo.Ports;
import org.hourtap.simulator.demo.Waiting;

/// Mosquitto on loopback, with the hubs' certificates and a line of rights for each terminal: the
/// broker outside all hubs.
final class OwnBroker implements AutoCloseable {
    private static final int PORT = 8_883;
    private static final Duration START_MAX = Duration.ofSeconds(10);
    private static final int STOP_SECONDS_MAX = 10;
    private static final List<Path> PROGRAMS =
            List.of(Path.of("/usr/sbin/mosquitto"), Path.of("/usr/bin/mosquitto"));

    private final Process process;
    private final int port;

    private OwnBroker(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /// @param folder where it makes one of its own
    /// @param certificates the hubs' folder of certificates
    /// @param authority PEM of the certificate that all others are checked against
    /// @param terminals who may connect besides the hubs
    static OwnBroker start(
            Path folder, Path certificates, String authority, Map<TerminalId, BookId> terminals)
            throws IOException {
        Path own = Files.createDirectory(folder.resolve("mosquitto"));
        int port = Ports.take(PORT);
        Path trusted = Files.writeString(own.resolve("authority.crt"), authority);
        StringBuilder rights = new StringBuilder("user CN=hub\ntopic readwrite hourtap/1/#\n");
        terminals.forEach((terminal, book) -> {
            String top = "hourtap/1/" + book + "/";
            rights.append("user CN=" + terminal + ",O=" + book + "\n")
                    .append("topic write " + top + terminal + "/up/#\n")
                    .append("topic read " + top + terminal + "/down/#\n")
                    .append("topic read " + top + "head\n");
        });
        Path acl = Files.writeString(own.resolve("acl"), rights);
        Path settings =
                Files.writeString(
                        own.resolve("mosquitto.conf"),
                        String.join(
                                "\n",
                                "listener " + port + " 127.0.0.1",
                                "cafile " + trusted,
                                "certfile " + certificates.resolve("broker.pem"),
                                "keyfile " + certificates.resolve("broker.pem"),
                                "require_certificate true",
                                "use_subject_as_username true",
                                "acl_file " + acl,
                                "persistence false",
                                "max_inflight_messages 64",
                                "root".equals(System.getProperty("user.name")) ? "user root" : "",
                                ""));
        Path program =
                PROGRAMS.stream()
                        .filter(Files::isExecutable)
                        .findFirst()
                        .orElseThrow(() ->
                                new IOException(
                                        "Mosquitto is not installed. Run: apt-get install"
                                                + " mosquitto"));
        Process process =
                new ProcessBuilder(program.toString(), "-c", settings.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(own.resolve("log").toFile())
                        .start();
        OwnBroker broker = new OwnBroker(process, port);
        if (!Waiting.until(START_MAX, broker::isListening)) {
            broker.close();
            throw new IOException(
                    "Mosquitto did not start: " + Files.readString(own.resolve("log")));
        }
        return broker;
    }

    String url() {
        return "ssl://localhost:" + port;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private boolean isListening() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
