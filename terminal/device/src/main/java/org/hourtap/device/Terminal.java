package org.hourtap.device;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.SocketFactory;
import org.hourtap.card.CardIdentifier;
import org.hourtap.card.MasterKeys;
import org.hourtap.contract.TerminalTag;
import org.hourtap.device.gpio.GpioPins;
import org.hourtap.device.gpio.GpioSignals;
import org.hourtap.device.mqtt.PahoUplink;
import org.hourtap.device.mqtt.TerminalIdentity;
import org.hourtap.device.pcsc.PcscCardReader;
import org.hourtap.device.pcsc.ReaderLights;
import org.hourtap.device.screen.Place;
import org.hourtap.device.screen.PortInUseException;
import org.hourtap.device.screen.ScreenServer;
import org.hourtap.device.screen.StaffView;
import org.hourtap.device.sqlite.HeadView;
import org.hourtap.device.sqlite.JournalView;
import org.hourtap.device.sqlite.SqliteStore;
import org.hourtap.device.vpcd.VpcdCardReader;
import org.hourtap.runtime.DataFolder;
import org.hourtap.runtime.FolderInUseException;
import org.hourtap.runtime.NewerDatabaseException;
import org.hourtap.runtime.RoleThread;
import org.hourtap.runtime.SystemTime;
import org.hourtap.smartcardio.PcscLite;
import org.hourtap.tap.CardReader;
import org.hourtap.tap.Signals;
import org.hourtap.tap.StoreException;
import org.jspecify.annotations.Nullable;

/// The composition root: makes every object, starts every thread, in order, and stops them in
/// reverse.
///
/// ```
/// reader ──presented──▶ tap ──messages──▶ link
///                       tap ◀───pages──── link
///                       tap ──cues──▶ screen, lamps
/// ```
public final class Terminal implements AutoCloseable {
    /// The store's file in the data folder.
    public static final String STORE_FILE = "terminal.db";

    private static final long NANOS_PER_MICRO = 1_000;
    private static final System.Logger LOG = System.getLogger(Terminal.class.getName());

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Path folder;
    private final TerminalConfig config;
    private final TerminalClock clock = TerminalClock.ofThisMachine();
    private final AtomicReference<@Nullable StaffDesk> staff = new AtomicReference<>();
    private final AtomicReference<@Nullable ScreenServer> screen = new AtomicReference<>();
    private final AtomicReference<@Nullable CardReader> reader = new AtomicReference<>();

    private Terminal(Path folder, TerminalConfig config) {
        this.folder = folder;
        this.config = config;
    }

    /// Starts everything.
    ///
    /// @throws StartException with nothing left running
    public static Terminal start(Path folder, TerminalConfig config) throws StartException {
        Terminal terminal = new Terminal(folder, config);
        try {
            terminal.start();
            return terminal;
        } catch (IOException
                | FolderInUseException
                | NewerDatabaseException
                | StoreException
                | IllegalArgumentException e) {
            terminal.close();
            throw new StartException(String.valueOf(e.getMessage()), e);
        } catch (RuntimeException | Error e) {
            terminal.close();
            throw e;
        }
    }

    /// @return where the member screen is; the staff page is at `staff` under it
    public URI screenAddress() {
        ScreenServer started = screen.get();
        if (started == null) {
            throw new IllegalStateException("the screen is not up");
        }
        return started.address();
    }

    /// @return where virtual cards connect, for a reader of kind vpcd
    public Optional<Integer> virtualReaderPort() {
        return reader.get() instanceof VpcdCardReader vpcd
                ? Optional.of(vpcd.port())
                : Optional.empty();
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            AutoCloseable next = open.pop();
            try {
                next.close();
            } catch (Exception e) {
                LOG.log(System.Logger.Level.WARNING, "while stopping", e);
            }
        }
    }

    private void start()
            throws IOException, FolderInUseException, NewerDatabaseException, StoreException {
        opened(DataFolder.hold(folder));
        MasterKeys keys = opened(CardKeys.load(config.cardKeys()));
        Path file = folder.resolve(STORE_FILE);
        SqliteStore store = opened(SqliteStore.open(file, () -> clock.get().wallMicros()));
        ReaderLights lights = lights();
        Signals signals = signals(lights);
        PahoUplink uplink =
                PahoUplink.start(address(), SystemTime::bootMicros, SystemTime::randomLong);
        // Stopped after reader and link, which hand it work.
        TapDesk desk =
                opened(
                        new TapDesk(
                                store,
                                signals,
                                uplink,
                                clock,
                                config.language(),
                                version(),
                                TerminalTag.of(config.book(), config.terminal()),
                                RoleThread::startDraining));
        opened(uplink);
        staff.set(
                new StaffDesk(
                        desk,
                        new JournalView(file),
                        new HeadView(file),
                        uplink::status,
                        clock,
                        config.language(),
                        ZoneId.systemDefault()));
        CardIdentifier identifier = new CardIdentifier(keys, SystemTime::randomBytes);
        CardReader cards = reader(lights);
        reader.set(cards);
        // Closes the reader, unless that hangs. The loop does so first, which does no harm.
        ReaderWatch watched = opened(new ReaderWatch(cards, desk, SystemTime::bootMicros));
        opened(new ReaderLoop(watched, identifier, desk, config.rollsCardKeys()));
        uplink.connect(desk);
    }

    private <T extends AutoCloseable> T opened(T part) {
        open.push(part);
        return part;
    }

    private ReaderLights lights() {
        return new ReaderLights(
                config.readerLights(), config.readerBehaviour(), SystemTime::bootMicros);
    }

    private Signals signals(ReaderLights reader) throws IOException {
        GpioPins pins = config.lamps() ? GpioPins.USUAL : GpioPins.NONE;
        Optional<GpioSignals> lamps = GpioSignals.open(pins, SystemTime::bootMicros);
        lamps.ifPresent(this::opened);
        ScreenServer pages = opened(screens(lamps.isEmpty()));
        screen.set(pages);
        return cue -> {
            lamps.ifPresent(lit -> lit.show(cue));
            pages.show(cue);
            reader.show(cue);
        };
    }

    private ScreenServer screens(boolean drawsLamps) throws IOException {
        try {
            return ScreenServer.open(
                    config.screenPort(),
                    drawsLamps,
                    this::place,
                    this::staffView,
                    SystemTime::bootMicros);
        } catch (PortInUseException e) {
            throw new IOException(
                    e.getMessage()
                            + " It is set as screen.port in "
                            + folder.resolve(TerminalConfig.FILE)
                            + ".",
                    e);
        }
    }

    /// The screen is up before the desks behind it, because they speak through it.
    private Place place() {
        StaffDesk up = staff.get();
        return up == null ? StaffDesk.place(Optional.empty(), config.language()) : up.place();
    }

    private StaffView staffView() {
        StaffDesk up = staff.get();
        return up == null
                ? new StaffView("", List.of(), 0, null, new StaffView.Link(false, null), List.of())
                : up.view();
    }

    private CardReader reader(ReaderLights lights) throws IOException {
        return switch (config.readerKind()) {
            case PCSC ->
                    new PcscCardReader(
                            new PcscLite(() -> SystemTime.bootMicros() * NANOS_PER_MICRO),
                            config.readerName(),
                            lights);
            case VPCD -> VpcdCardReader.open(config.readerPort(), SystemTime::bootMicros);
        };
    }

    private PahoUplink.Address address() throws IOException {
        boolean isTls = String.valueOf(config.mqttUrl().getScheme()).equals("ssl");
        SocketFactory sockets =
                isTls ? TerminalIdentity.load(folder) : PahoUplink.Address.withoutTls();
        return new PahoUplink.Address(
                config.mqttUrl().toString(),
                config.book(),
                config.terminal(),
                sockets,
                config.reconnectMaxSeconds() * 1_000L);
    }

    static String version() {
        String built = Terminal.class.getPackage().getImplementationVersion();
        return built == null ? "development" : built;
    }
}
