package org.hourtap.device.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.hourtap.device.CapturedLog;
import org.hourtap.tap.Cue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// When which screen shows, as the page hears it.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ScreenServerTest {
    private static final long MICROS_PER_MILLI = 1_000;

    private final AtomicLong micros = new AtomicLong();
    private final AtomicLong ticks = new AtomicLong();
    private final AtomicBoolean placeFails = new AtomicBoolean();
    private final ScreenServer server;
    private final RawHttp page;

    ScreenServerTest() throws IOException {
        server =
                ScreenServer.open(0, false, this::place, () -> ScreenFixtures.BUSY_DAY, this::tick);
        page = new RawHttp(server.port()).send("GET /ui/events HTTP/1.1", host());
        awaitTicks();
        server.show(Cue.plain(Cue.Kind.READY, "en"));
    }

    @AfterEach
    void close() throws IOException {
        page.close();
        server.close();
    }

    @Test
    void aTerminalThatIsReadyRests() throws IOException {
        assertThat(nextScreen()).contains("\"READY\"").contains("\"lamps\":false");
    }

    @Test
    void nobodyIsToldToTapBeforeTheFirstCue() throws IOException {
        try (ScreenServer early =
                        ScreenServer.open(
                                0, false, this::place, () -> ScreenFixtures.QUIET_DAY, this::tick);
                RawHttp first = new RawHttp(early.port())) {
            first.send("GET /ui/events HTTP/1.1", "Host: 127.0.0.1:" + early.port());
            awaitTicks(); // of both servers
            awaitTicks();
            early.show(Cue.plain(Cue.Kind.OUT_OF_SERVICE, "en"));
            assertThat(first.await("serial")).contains("\"serial\":1,").contains("OUT_OF_SERVICE");
        }
    }

    @Test
    void aWelcomeGivesWayToRestAfterItsDwell() throws IOException {
        nextScreen();
        server.show(new Cue(Cue.Kind.WELCOME, "en", 60, false));
        assertThat(nextScreen()).contains("\"WELCOME\"").contains("1 hour");
        micros.set(3_999 * MICROS_PER_MILLI);
        awaitTicks();
        micros.set(4_000 * MICROS_PER_MILLI);
        assertThat(nextScreen()).contains("\"READY\"");
    }

    @Test
    void theNextTapReplacesAnAnswerAtOnce() throws IOException {
        nextScreen();
        server.show(Cue.plain(Cue.Kind.PLEASE_ASK, "en"));
        assertThat(nextScreen()).contains("\"PLEASE_ASK\"");
        server.show(new Cue(Cue.Kind.WELCOME, "cy", 60, false));
        assertThat(nextScreen()).contains("\"Croeso\"").contains("\"cy\"");
        micros.set(4_000 * MICROS_PER_MILLI);
        assertThat(nextScreen()).as("the welcome's dwell counts").contains("\"READY\"");
    }

    @Test
    void theSameAnswerTwiceIsTwoAnswers() throws IOException {
        nextScreen();
        server.show(new Cue(Cue.Kind.WELCOME, "en", 60, false));
        String first = nextScreen();
        server.show(new Cue(Cue.Kind.WELCOME, "en", 60, false));
        assertThat(nextScreen()).as("another serial: another sound").isNotEqualTo(first);
    }

    @Test
    void readyDoesNotCutAnAnswerShort() throws IOException {
        nextScreen();
        server.show(Cue.plain(Cue.Kind.PLEASE_ASK, "en"));
        nextScreen();
        server.show(Cue.plain(Cue.Kind.READY, "en"));
        server.show(Cue.plain(Cue.Kind.HOLD_AGAIN, "en"));
        assertThat(nextScreen()).as("no READY in between").contains("\"HOLD_AGAIN\"");
    }

    @Test
    void outOfServiceStaysUntilTheTerminalIsReady() throws IOException {
        nextScreen();
        server.show(Cue.plain(Cue.Kind.OUT_OF_SERVICE, "en"));
        assertThat(nextScreen()).contains("\"OUT_OF_SERVICE\"");
        micros.set(3_600_000 * MICROS_PER_MILLI);
        awaitTicks();
        server.show(Cue.plain(Cue.Kind.READY, "en"));
        assertThat(nextScreen()).contains("\"READY\"");
    }

    @Test
    void aStalledBrowserDoesNotDelayACue() throws IOException {
        try (RawHttp stalled = new RawHttp(server.port())) {
            stalled.send("GET /ui/events HTTP/1.1", host());
            // Far more than the connection holds: whoever waited for the browser would hang here.
            for (int i = 1; i <= 3_000; i++) {
                server.show(new Cue(Cue.Kind.WELCOME, "en", i, false));
                page.await("serial"); // a cue was drawn by the browser that reads
            }
            server.show(new Cue(Cue.Kind.WELCOME, "cy", 6_001, false));
            assertThat(page.await("100 awr 1 munud")).contains("WELCOME");
        }
    }

    @Test
    void aPlaceThatCannotBeToldIsReportedAndSurvived() throws IOException {
        nextScreen();
        try (CapturedLog log = new CapturedLog(ScreenServer.class)) {
            placeFails.set(true);
            awaitTicks();
            assertThat(log.messages()).contains("the screen goes on after a failure");
            placeFails.set(false);
            server.show(Cue.plain(Cue.Kind.PLEASE_ASK, "en"));
            assertThat(nextScreen()).contains("\"PLEASE_ASK\"");
        }
    }

    @Test
    void aCueAfterTheEndIsLoggedAndHarmless() {
        server.close();
        try (CapturedLog log = new CapturedLog(ScreenServer.class)) {
            server.show(Cue.plain(Cue.Kind.READY, "en"));
            assertThat(log.messages()).hasSize(1).first().asString().contains("not shown");
        }
    }

    @Test
    void staffAreToldAtOnceAndWhenSomethingChanges() throws IOException {
        try (RawHttp state = new RawHttp(server.port());
                RawHttp live = new RawHttp(server.port())) {
            state.send("GET /staff/state HTTP/1.1", host(), "Connection: close");
            assertThat(state.await("venue")).contains("3 taps wait to be sent");
            live.send("GET /staff/events HTTP/1.1", host());
            assertThat(live.await("venue")).contains("Riverside Pool");
        }
    }

    @Test
    void aSlowStaffPageDoesNotHoldUpTheMembersScreen() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        try (ScreenServer slow =
                        ScreenServer.open(
                                0,
                                false,
                                this::place,
                                () -> {
                                    asked.countDown();
                                    awaitQuietly(answer);
                                    return ScreenFixtures.QUIET_DAY;
                                },
                                this::tick);
                RawHttp staff = new RawHttp(slow.port());
                RawHttp member = new RawHttp(slow.port())) {
            staff.send("GET /staff/state HTTP/1.1", "Host: 127.0.0.1:" + slow.port());
            asked.await();
            member.send("GET /ui/events HTTP/1.1", "Host: 127.0.0.1:" + slow.port());
            slow.show(new Cue(Cue.Kind.WELCOME, "en", 60, false));
            assertThat(member.await("\"WELCOME\"")).contains("1 hour");
            answer.countDown();
        }
    }

    /// The clock is read once a tick, so its reads count them.
    private long tick() {
        ticks.incrementAndGet();
        return micros.get();
    }

    private void awaitTicks() {
        long enough = ticks.get() + 3;
        while (ticks.get() < enough) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    private Place place() {
        if (placeFails.get()) {
            throw new IllegalStateException("planted: no place");
        }
        return ScreenFixtures.POOL;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String nextScreen() throws IOException {
        return page.await("serial");
    }

    private String host() {
        return "Host: 127.0.0.1:" + server.port();
    }
}
