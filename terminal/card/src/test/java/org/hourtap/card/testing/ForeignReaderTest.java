package org.hourtap.card.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Somebody else's reader, Debian's libfreefare, reads the virtual card over EV1 messaging. It is
/// what keeps the virtual card from agreeing with us about a mistake.
@Timeout(120)
class ForeignReaderTest {
    private static final Path MODULE =
            Path.of(System.getProperty("repository.root"), "terminal", "card");
    private static final String UID = "04A1B2C3D4E5F6";

    /// How many checks the program makes.
    private static final int CHECKS = 134;

    @Test
    void debiansLibraryReadsTheVirtualCard() throws Exception {
        Path program = compiled();
        String told;
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> serve(server));
            told = run(program.toString(), Integer.toString(server.getLocalPort()), UID);
        }
        assertThat(told.strip()).isEqualTo("foreign reader: " + CHECKS + " checks passed");
        Counts.tell("foreign-reader", told.strip());
    }

    private static Path compiled() throws Exception {
        for (String needed :
                List.of("/usr/bin/gcc", "/usr/include/freefare.h", "/usr/include/nfc/nfc.h")) {
            assertThat(Path.of(needed))
                    .withFailMessage(
                            "%s is missing; install what this test needs: apt-get install"
                                    + " --no-install-recommends libfreefare-dev libnfc-dev gcc"
                                    + " libc6-dev",
                            needed)
                    .exists();
        }
        Path target = Files.createDirectories(MODULE.resolve("target"));
        Path program = target.resolve("foreign_reader");
        Path source = MODULE.resolve("src/test/c/foreign_reader.c");
        String told = run("gcc", "-O1", "-o", program.toString(), source.toString(), "-lfreefare");
        assertThat(told).as("the compiler's words").isEmpty();
        return program;
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String told =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(told).isZero();
            return told;
        } finally {
            process.destroyForcibly();
        }
    }

    private static void serve(ServerSocket server) {
        VirtualDesfire card =
                VirtualDesfire.factory(HexFormat.of().parseHex(UID)).cardKey(new byte[16]).build();
        try (Socket socket = server.accept()) {
            socket.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            for (int length = in.read(); length >= 0; length = in.read()) {
                byte[] command = new byte[(length << 8) | in.readUnsignedByte()];
                in.readFully(command);
                byte[] answer = card.answer(command);
                byte[] frame = new byte[answer.length + 2];
                frame[0] = (byte) (answer.length >> 8);
                frame[1] = (byte) answer.length;
                System.arraycopy(answer, 0, frame, 2, answer.length);
                out.write(frame);
            }
        } catch (IOException e) {
            if (!server.isClosed()) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
