package org.hourtap.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hourtap.device.testing.Taps.ALYS;
import static org.hourtap.device.testing.Taps.BRAN;
import static org.hourtap.device.testing.Taps.card;
import static org.hourtap.device.testing.Taps.pool;
import static org.hourtap.device.testing.Taps.tell;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.hourtap.card.testing.VirtualDesfire;
import org.hourtap.contract.TapEvent;
import org.hourtap.device.sqlite.JournalView;
import org.hourtap.device.sqlite.SqliteStore;
import org.hourtap.device.testing.Awaiting;
import org.hourtap.device.testing.Taps;
import org.hourtap.device.testing.VirtualCards;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A whole terminal on a folder of its own, with a virtual reader and no hub in reach.
@Timeout(120)
class TerminalTest {
    @TempDir Path folder;

    @BeforeEach
    void setUp() throws Exception {
        Path keys = folder.resolve("card.keys");
        Files.writeString(keys, HexFormat.of().formatHex(VirtualCards.MASTER));
        Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
        configure("");
        try (SqliteStore store =
                SqliteStore.open(folder.resolve("terminal.db"), () -> Taps.MORNING)) {
            tell(store, 0, pool(60), card(ALYS, 300));
        }
    }

    @Test
    void aTapIsJournalledBeforeTheMemberIsWelcomed() throws Exception {
        try (Terminal terminal = start()) {
            JournalView journal = journal();
            try (VirtualCards.Held _ = hold(terminal, VirtualCards.genuine(ALYS).build())) {
                // Pulled while in doubt, it would be torn.
                Awaiting.until(
                        "the tap is journalled",
                        () -> journal.waiting().stream().anyMatch(entry -> !entry.inDoubt()));
                Awaiting.until("staff see it", () -> get(terminal, "staff/state").contains("E5F6"));
            }
        }
        assertThat(journal().since(0).getFirst().event())
                .returns(ALYS, TapEvent::card)
                .returns(TapEvent.Kind.SPEND, TapEvent::kind)
                .returns(TapEvent.Proof.DESFIRE_EV2, TapEvent::proof)
                .returns(true, TapEvent::offline);
    }

    @Test
    void aCloneIsDeclinedUnderItsNumberAndAnUnknownCardIsAskedToWait() throws Exception {
        try (Terminal terminal = start()) {
            JournalView journal = journal();
            try (VirtualCards.Held _ =
                    hold(terminal, VirtualCards.genuine(ALYS).clonedWithoutTheKey().build())) {
                Awaiting.until("the clone is journalled", () -> journal.outbox().last() == 1);
            }
            try (VirtualCards.Held _ = hold(terminal, VirtualCards.genuine(BRAN).build())) {
                Awaiting.until("the stranger is journalled", () -> journal.outbox().last() == 2);
            }
            List<TapEvent> taps = journal.since(0).stream().map(JournalView.Entry::event).toList();
            assertThat(taps).extracting(TapEvent::card).containsExactly(BRAN, ALYS);
            assertThat(taps)
                    .extracting(TapEvent::reason)
                    .containsExactly("UNKNOWN_CARD", "NOT_GENUINE");
        }
    }

    @Test
    void oneTerminalGoesOnWhereItStoppedAndGivesNoNumberTwice() throws Exception {
        for (int start = 1; start <= 2; start++) {
            long expected = start;
            try (Terminal terminal = start();
                    VirtualCards.Held _ = hold(terminal, VirtualCards.genuine(BRAN).build())) {
                Awaiting.until("it is journalled", () -> journal().outbox().last() == expected);
            }
        }
        assertThat(journal().waiting()).hasSize(2);
    }

    @Test
    void aDamagedStoreIsMendedAtTheStartAndStaffAreTold() throws Exception {
        Logger quiet = Logger.getLogger("org.hourtap.device.sqlite.Salvage");
        quiet.setLevel(Level.OFF);
        Path file = folder.resolve("terminal.db");
        byte[] bytes = Files.readAllBytes(file);
        Arrays.fill(bytes, 0, 100, (byte) 0x11);
        Files.write(file, bytes);
        try (Terminal terminal = start()) {
            Awaiting.until(
                    "staff are told",
                    () -> get(terminal, "staff/state").contains("found its own file damaged"));
            try (VirtualCards.Held _ = hold(terminal, VirtualCards.genuine(ALYS).build())) {
                Awaiting.until("it takes taps", () -> journal().outbox().waiting() == 1);
            }
        } finally {
            quiet.setLevel(null);
        }
    }

    @Test
    void aSecondStartOnTheSameFolderIsRefusedAndTheFirstGoesOn() throws Exception {
        try (Terminal terminal = start()) {
            assertThatThrownBy(this::start)
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("is in use");
            assertThat(run("run", "--data", folder.toString()).exit()).isEqualTo(2);
            assertThat(get(terminal, "staff/state")).contains("Pwll Dinas");
        }
    }

    @Test
    void aPortInUseIsNamedAndNothingIsLeftRunning() throws Exception {
        try (ServerSocket other =
                new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            configure("screen.port = " + other.getLocalPort());
            Ran ran = run("run", "--data", folder.toString());
            assertThat(ran.exit()).isEqualTo(2);
            assertThat(ran.said())
                    .contains("Port " + other.getLocalPort())
                    .contains("used by another program")
                    .contains("screen.port");
        }
        configure("");
        start().close();
    }

    @Test
    void aWrongConfigurationIsSaidInFullAndTheProgramStops() throws Exception {
        Files.writeString(folder.resolve(TerminalConfig.FILE), "reader.kind = usb\n");
        Ran ran = run("run", "--data", folder.toString());
        assertThat(ran.exit()).isEqualTo(2);
        assertThat(ran.said())
                .contains("terminal.id: is missing")
                .contains("reader.kind: must be pcsc or vpcd");
    }

    @Test
    void statusAndOutboxReadBesideARunningTerminalAndWithoutOne() throws Exception {
        try (Terminal terminal = start()) {
            try (VirtualCards.Held _ = hold(terminal, VirtualCards.genuine(ALYS).build())) {
                Awaiting.until(
                        "it is welcomed",
                        () -> journal().waiting().stream().anyMatch(entry -> !entry.inDoubt()));
            }
            assertThat(run("status", "--data", folder.toString()).said())
                    .contains("pool-1 of dinas")
                    .contains("running       yes")
                    .contains("waiting       1");
        }
        assertThat(run("status", "--data", folder.toString()).said()).contains("running       no");
        assertThat(run("outbox", "--data", folder.toString()).said())
                .contains("…E5F6  SPEND  60 min")
                .contains("1 waiting.");
    }

    @Test
    void keptHeadsArePrintedForAnAuditorAndAContradictionIsToldToStaff() throws Exception {
        String[] heads = {"heads", "--data", folder.toString()};
        assertThat(run(heads).said()).startsWith("No heads yet");
        try (SqliteStore store =
                SqliteStore.open(folder.resolve("terminal.db"), () -> Taps.MORNING)) {
            store.keep(Taps.head(7, 'a'), Taps.clock(0));
            store.keep(Taps.head(9, 'b'), Taps.clock(24 * 3600));
        }
        String lines = Taps.head(7, 'a').line() + "\n" + Taps.head(9, 'b').line() + "\n";
        assertThat(run(heads)).isEqualTo(new Ran(0, lines));
        try (SqliteStore store =
                SqliteStore.open(folder.resolve("terminal.db"), () -> Taps.MORNING)) {
            store.keep(Taps.head(7, 'c'), Taps.clock(24 * 3600));
        }
        try (Terminal terminal = start()) {
            Awaiting.until(
                    "staff are told",
                    () ->
                            get(terminal, "staff/state")
                                    .contains("two different things about entry 7 of its books"));
            assertThat(run(heads).said())
                    .startsWith(lines + Taps.head(7, 'c').line() + "\nThe hub has told");
        }
        assertThat(run("heads", "--data", folder + "/nowhere").exit()).isEqualTo(2);
    }

    @Test
    void everyCommandExplainsItself() {
        for (String command : new String[] {"run", "enrol", "status", "outbox", "heads"}) {
            Ran ran = run(command, "--help");
            assertThat(ran.exit()).as(command).isZero();
            assertThat(ran.said()).contains("Usage: hourtap-terminal " + command);
        }
        for (String command :
                new String[] {"personalise", "show", "keys", "keys new", "keys add-version"}) {
            Ran ran = run(("cards " + command + " --help").split(" "));
            assertThat(ran.exit()).as(command).isZero();
            assertThat(ran.said()).contains("Usage: hourtap-terminal cards " + command);
        }
        assertThat(run("cards").exit()).isEqualTo(2);
        assertThat(run("cards", "keys").exit()).isEqualTo(2);
        assertThat(run("--help").said()).contains("enrol").contains("outbox");
        assertThat(run().exit()).isEqualTo(2);
    }

    private record Ran(int exit, String said) {}

    private static Ran run(String... arguments) {
        StringWriter out = new StringWriter();
        int exit = TerminalCommands.execute(new PrintWriter(out), arguments);
        return new Ran(exit, out.toString());
    }

    private void configure(String more) throws Exception {
        Files.writeString(
                folder.resolve(TerminalConfig.FILE),
                """
                terminal.id = pool-1
                book.id = dinas
                mqtt.url = tcp://127.0.0.1:1
                reader.kind = vpcd
                reader.port = 0
                reconnect.max.seconds = 1
                lamps = none
                """
                        + (more.isEmpty() ? "screen.port = 0\n" : more + "\n"));
    }

    private Terminal start() throws Exception {
        return Terminal.start(folder, TerminalConfig.load(folder));
    }

    private static VirtualCards.Held hold(Terminal terminal, VirtualDesfire card) throws Exception {
        return VirtualCards.hold(terminal.virtualReaderPort().orElseThrow(), card);
    }

    private JournalView journal() {
        return new JournalView(folder.resolve("terminal.db"));
    }

    private static String get(Terminal terminal, String path) throws Exception {
        URI address = terminal.screenAddress().resolve(path);
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(address).build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }
}
