package org.hourtap.device.cards;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.hourtap.card.testing.VirtualDesfire;
import org.hourtap.device.TerminalCommands;
import org.hourtap.device.testing.Awaiting;
import org.hourtap.smartcardio.testing.CardAnswer;
import org.hourtap.smartcardio.testing.PcscDaemon;
import org.hourtap.smartcardio.testing.VirtualReader;
import org.hourtap.smartcardio.testing.VpcdCard;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Cards from the factory become cards of a scheme, at the desk as it will be: the real commands,
/// key files they made, a real pcscd, and a web server in place of the hub.
@Timeout(120)
class PersonalisePcscTest {
    private static final String FIRST = "04AABBCCDD1122";
    private static final String SECOND = "04AABBCCDD3344";

    /// The first slot; vpcd gives a reader two.
    private static final String READER = "desk 00 00";

    private static final long LOOK_NANOS = 20_000_000;

    private static PcscDaemon daemon;
    private static VirtualReader slot;

    @TempDir Path folder;

    private final List<String> registered = new CopyOnWriteArrayList<>();
    private final ExecutorService desk = Executors.newSingleThreadExecutor();
    private HttpServer hub;

    @BeforeAll
    static void startPcscd() {
        slot = VirtualReader.onFreePorts("Desk").getFirst();
        daemon = PcscDaemon.start(List.of(slot));
    }

    @AfterAll
    static void stopPcscd() {
        daemon.close();
    }

    @BeforeEach
    void furnishTheDesk() throws Exception {
        hub = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        hub.createContext(
                "/api/1/cards",
                exchange -> {
                    byte[] body = exchange.getRequestBody().readAllBytes();
                    registered.add(new String(body, StandardCharsets.UTF_8));
                    exchange.sendResponseHeaders(201, -1);
                    exchange.close();
                });
        hub.start();
        Path token = Files.writeString(folder.resolve("token"), "s3cret");
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));
        assertThat(run("cards", "keys", "new", file("scheme.keys")).call()).isZero();
        assertThat(
                        run("cards", "keys", "for-terminal", file("scheme.keys"), file("door.keys"))
                                .call())
                .isZero();
    }

    @AfterEach
    void tidyUp() {
        hub.stop(0);
        desk.shutdownNow();
    }

    @Test
    void aBatchIsMadeRegisteredAndKnownAtADoorAlthoughACardWasPulled() throws Exception {
        Files.writeString(folder.resolve("members"), "mair\nalys\n");
        VirtualDesfire first = VirtualDesfire.factory(HexFormat.of().parseHex(FIRST)).build();
        VirtualDesfire second = VirtualDesfire.factory(HexFormat.of().parseHex(SECOND)).build();
        Running batch =
                personalise(
                        "--members",
                        file("members"),
                        "--hub",
                        "http://127.0.0.1:" + hub.getAddress().getPort(),
                        "--token-file",
                        file("token"));
        try (Held _ = hold(first, VpcdCard.Pull.after(25))) {
            batch.says("Hold it again");
        }
        try (Held _ = hold(first)) {
            batch.says("1 of 2 · " + FIRST + " written, verified, registered for mair");
        }
        try (Held _ = hold(second)) {
            batch.says("2 of 2 · " + SECOND + " written, verified, registered for alys");
        }
        assertThat(batch.exit.get()).isZero();
        assertThat(registered).hasSize(2);
        assertThat(registered.getFirst()).contains(FIRST).contains("mair");

        Running again = personalise("--again");
        try (Held _ = hold(first)) {
            assertThat(again.exit.get()).isZero();
        }
        again.says("1 of 1 · " + FIRST + " verified, to be registered later");
        again.says("card,member,leastProof");
        again.says(FIRST + ",,DESFIRE_EV2");

        Running door = show("door.keys");
        try (Held _ = hold(second)) {
            assertThat(door.exit.get()).isZero();
        }
        door.says("Card " + SECOND);
        door.says("it proved that");
        door.says("never been used");
    }

    @Test
    void aCardOfAnotherSchemeIsRefusedAndLeftAsItWas() throws Exception {
        assertThat(run("cards", "keys", "new", file("other.keys")).call()).isZero();
        VirtualDesfire card = VirtualDesfire.factory(HexFormat.of().parseHex(FIRST)).build();
        Running made = personalise();
        try (Held _ = hold(card)) {
            assertThat(made.exit.get()).isZero();
        }
        StringWriter said = new StringWriter();
        Running others =
                start(
                        said,
                        "cards",
                        "personalise",
                        "--keys",
                        file("other.keys"),
                        "--reader",
                        READER);
        try (Held _ = hold(card)) {
            others.says("This card cannot be used");
        }
        try (Held _ = hold(VirtualDesfire.factory(HexFormat.of().parseHex(SECOND)).build())) {
            others.says("1 of 1 · " + SECOND + " written");
        }
        assertThat(others.exit.get()).isZero();
        Running door = show("door.keys");
        try (Held _ = hold(card)) {
            assertThat(door.exit.get()).isZero();
        }
        Running clone = show("door.keys");
        try (Held _ =
                hold(VirtualDesfire.with(HexFormat.of().parseHex(SECOND), new byte[16]).build())) {
            assertThat(clone.exit.get()).isEqualTo(1);
        }
        clone.says("cannot prove it");
    }

    /// A command that runs, and what it has said so far.
    private static final class Running {
        final StringWriter said;
        final Future<Integer> exit;

        Running(StringWriter said, Future<Integer> exit) {
            this.said = said;
            this.exit = exit;
        }

        void says(String sentence) throws Exception {
            try {
                Awaiting.until("it says " + sentence, () -> said.toString().contains(sentence));
            } catch (AssertionError e) {
                throw new AssertionError(said + "\n" + Files.readString(daemon.log()), e);
            }
        }
    }

    /// Holds a card to the reader. When it is closed, waits until pcscd, which looks every 400 ms,
    /// has seen it go; it would take the next one for the same.
    private static Held hold(VirtualDesfire card, VpcdCard.Pull pull) throws IOException {
        long before = removals();
        return new Held(VpcdCard.insert(slot, answer(card), pull), before);
    }

    private static Held hold(VirtualDesfire card) throws IOException {
        return hold(card, VpcdCard.Pull.NEVER);
    }

    private record Held(VpcdCard card, long removalsBefore) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            card.close();
            for (int look = 0; look < 1_000 && removals() == removalsBefore; look++) {
                LockSupport.parkNanos(LOOK_NANOS);
            }
            assertThat(removals()).isGreaterThan(removalsBefore);
        }
    }

    private static long removals() throws IOException {
        return Files.readString(daemon.log())
                .lines()
                .filter(line -> line.contains("Card Removed"))
                .count();
    }

    private Running personalise(String... more) {
        String[] arguments = new String[6 + more.length];
        arguments[0] = "cards";
        arguments[1] = "personalise";
        arguments[2] = "--keys";
        arguments[3] = file("scheme.keys");
        arguments[4] = "--reader";
        arguments[5] = READER;
        System.arraycopy(more, 0, arguments, 6, more.length);
        return start(new StringWriter(), arguments);
    }

    private Running show(String keys) {
        return start(new StringWriter(), "cards", "show", "--keys", file(keys), "--reader", READER);
    }

    private Running start(StringWriter said, String... arguments) {
        return new Running(
                said,
                desk.submit(() -> TerminalCommands.execute(new PrintWriter(said), arguments)));
    }

    private static Callable<Integer> run(String... arguments) {
        return () -> TerminalCommands.execute(new PrintWriter(new StringWriter()), arguments);
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    private static CardAnswer answer(VirtualDesfire card) {
        return new CardAnswer() {
            @Override
            public byte[] answer(byte[] apdu) {
                return card.answer(apdu);
            }

            @Override
            public void reset() {
                card.reset();
            }
        };
    }
}
