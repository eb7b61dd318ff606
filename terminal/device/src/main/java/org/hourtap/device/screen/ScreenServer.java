package org.hourtap.device.screen;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.hourtap.runtime.RoleThread;
import org.hourtap.tap.Cue;
import org.hourtap.tap.Signals;
import org.jspecify.annotations.Nullable;

/// The terminal's screens: `/` for members, `/staff` for staff. A cue is shown for its dwell and
/// then gives way to the resting screen; the next cue replaces it at once.
///
/// A READY cue never cuts a dwell short: it says that the terminal rests, and the screen gets there
/// by itself. It does end OUT_OF_SERVICE, which stays until any other cue.
public final class ScreenServer implements Signals, AutoCloseable {
    /// The browser in kiosk mode, one being restarted, and someone looking over its shoulder.
    private static final int CLIENTS_MAX = 8;

    /// Taps come seconds apart; this many waiting means the thread is stuck.
    private static final int QUEUE_MAX = 64;

    /// How late the resting screen may be, and how fast a new venue name shows.
    private static final Duration TICK = Duration.ofMillis(100);

    /// How late the staff page may be.
    private static final Duration STAFF_TICK = Duration.ofSeconds(1);

    private static final long MICROS_PER_MILLI = 1_000;

    private static final System.Logger LOG = System.getLogger(ScreenServer.class.getName());
    private static final ObjectMapper JSON = new ObjectMapper();

    private final EventStream memberEvents = new EventStream(CLIENTS_MAX);
    private final EventStream staffEvents = new EventStream(CLIENTS_MAX);
    private final Supplier<Place> place;
    private final Supplier<StaffView> staff;
    private final LongSupplier clock;
    private final boolean drawsLamps;
    private final PageServer server;
    private final RoleThread screenThread;
    private final RoleThread staffThread;

    /// A trouble that lasts is logged once, not once a second.
    private final AtomicBoolean isStaffFailing = new AtomicBoolean();

    // Confined to the screen thread.
    private @Nullable Screen shown;
    private @Nullable Place lastPlace;
    private long restAtMicros;
    private long serial;

    // Confined to the staff thread.
    private String lastStaffJson = "";

    /// What the browser gets with each cue.
    ///
    /// @param serial changes with each cue, so that a sound is made once
    /// @param lamps whether the page draws the lamps that are missing beside the reader
    record Frame(long serial, boolean lamps, Screen screen) {}

    /// Opens the pages. Until the first cue they ask people to wait: nobody is told to tap before
    /// somebody has said that a reader listens.
    ///
    /// @param port on 127.0.0.1; 0 for any that is free
    /// @param drawsLamps whether the page draws lamps, because the terminal has none
    /// @param place asked often, on the screen thread; must not wait
    /// @param staff asked about once a second while a staff page is open, on threads of its own
    /// @param bootMicros microseconds since boot
    /// @throws PortInUseException if another program has the port
    public static ScreenServer open(
            int port,
            boolean drawsLamps,
            Supplier<Place> place,
            Supplier<StaffView> staff,
            LongSupplier bootMicros)
            throws IOException {
        return new ScreenServer(port, drawsLamps, place, staff, bootMicros);
    }

    private ScreenServer(
            int port,
            boolean drawsLamps,
            Supplier<Place> place,
            Supplier<StaffView> staff,
            LongSupplier bootMicros)
            throws IOException {
        this.drawsLamps = drawsLamps;
        this.place = place;
        this.staff = staff;
        this.clock = bootMicros;
        this.server = PageServer.open(port, pages());
        this.screenThread =
                RoleThread.start(
                        "screen", QUEUE_MAX, TICK, this::restWhenDue, ScreenServer::report);
        this.staffThread =
                RoleThread.start(
                        "staff-page", 1, STAFF_TICK, this::tellStaff, ScreenServer::report);
    }

    @Override
    public void show(Cue cue) {
        if (!screenThread.offer(() -> present(cue))) {
            LOG.log(System.Logger.Level.WARNING, "the screen is busy or closed; not shown: " + cue);
        }
    }

    public int port() {
        return server.port();
    }

    /// @return where the member screen is; the staff page is at `staff` under it
    public URI address() {
        return server.address();
    }

    /// @return how many browsers show the member screen now
    public int browsers() {
        return memberEvents.clients();
    }

    @Override
    public void close() {
        screenThread.close();
        staffThread.close();
        server.close();
    }

    private Pages pages() {
        Class<?> here = ScreenServer.class;
        return new Pages()
                .file("/", here, "member.html")
                .file("/member.css", here, "member.css")
                .file("/member.js", here, "member.js")
                .file("/icon.svg", here, "icon.svg")
                .events("/ui/events", memberEvents)
                .file("/staff", here, "staff.html")
                .file("/staff.css", here, "staff.css")
                .file("/staff.js", here, "staff.js")
                .get("/staff/state", _ -> staffPage())
                .events("/staff/events", staffEvents);
    }

    private void present(Cue cue) {
        boolean isResting = restAtMicros == 0;
        if (cue.kind() == Cue.Kind.READY && !isResting) {
            return;
        }
        Place here = place.get();
        Screen screen = Screen.of(cue, here);
        lastPlace = here;
        restAtMicros =
                screen.dwellMillis() == 0
                        ? 0
                        : clock.getAsLong() + screen.dwellMillis() * MICROS_PER_MILLI;
        publish(screen);
    }

    private void restWhenDue() {
        long now = clock.getAsLong();
        boolean isDue = restAtMicros != 0 && now >= restAtMicros;
        Screen last = shown;
        boolean isReady = last != null && last.state() == Cue.Kind.READY;
        if (isDue) {
            rest();
        } else if (isReady && !place.get().equals(lastPlace)) {
            rest();
        }
    }

    private void rest() {
        restAtMicros = 0;
        present(Cue.plain(Cue.Kind.READY, Wording.DEFAULT_LANGUAGE));
    }

    private void publish(Screen screen) {
        if (screen.equals(shown) && screen.dwellMillis() == 0) {
            return; // the same rest again is no news, and must make no sound
        }
        shown = screen;
        serial++;
        memberEvents.publish("screen", json(new Frame(serial, drawsLamps, screen)));
    }

    private void tellStaff() {
        if (staffEvents.clients() == 0) {
            // Whoever comes next must not be shown what was true when the last one left.
            staffEvents.forget();
            lastStaffJson = "";
            return;
        }
        String now = json(staffPage());
        if (!now.equals(lastStaffJson)) {
            lastStaffJson = now;
            staffEvents.publish("staff", now);
        }
    }

    private StaffPage staffPage() {
        try {
            StaffPage page = StaffPage.of(staff.get());
            isStaffFailing.set(false);
            return page;
        } catch (RuntimeException e) {
            if (!isStaffFailing.getAndSet(true)) {
                LOG.log(System.Logger.Level.WARNING, "the staff page has nothing to tell", e);
            }
            return StaffPage.unreadable();
        }
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of plain values is always JSON", e);
        }
    }

    private static void report(Throwable failure) {
        LOG.log(System.Logger.Level.ERROR, "the screen goes on after a failure", failure);
    }
}
