package org.hourtap.device;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.hourtap.contract.FeedPage;
import org.hourtap.contract.FeedRow.ProfileRow;
import org.hourtap.contract.SignedHead;
import org.hourtap.device.mqtt.LinkListener;
import org.hourtap.device.sqlite.DeskStore;
import org.hourtap.runtime.Role;
import org.hourtap.runtime.Roles;
import org.hourtap.tap.Cue;
import org.hourtap.tap.Forwarder;
import org.hourtap.tap.HubUplink;
import org.hourtap.tap.Presented;
import org.hourtap.tap.Signals;
import org.hourtap.tap.StoreException;
import org.hourtap.tap.TapLoop;

/// The role `tap` and all that is confined to it: store, decisions, forwarding. Reader and link
/// hand their news over through its queue; the staff page reads the [State] it leaves behind.
public final class TapDesk implements ReaderLoop.Desk, LinkListener, AutoCloseable {
    /// Pages of the hub and taps. A page that finds no room is asked for again by the forwarder.
    private static final int QUEUE_MAX = 64;

    private static final Duration TICK = Duration.ofMillis(50);

    /// A commit on a worn card can take seconds; nobody stands there for longer.
    private static final Duration TAP_MAX = Duration.ofSeconds(10);

    private static final Duration EPOCH_MAX = Duration.ofSeconds(5);
    private static final long PURGE_MICROS = TimeUnit.MINUTES.toMicros(1);
    private static final long PROBE_MICROS = TimeUnit.SECONDS.toMicros(1);
    private static final long DOUBTS_MICROS = TimeUnit.SECONDS.toMicros(1);

    private static final System.Logger LOG = System.getLogger(TapDesk.class.getName());

    private final DeskStore store;
    private final Signals signals;
    private final HubUplink uplink;
    private final TerminalClock clock;
    private final String language;
    private final TapLoop loop;
    private final Forwarder forwarder;
    private final AtomicReference<String> readerTrouble = new AtomicReference<>("");
    private final AtomicReference<State> state = new AtomicReference<>(State.FIRST);
    private final Role role;

    // Confined to the tap thread.
    private String storeTrouble = "";
    private long probedMicros;
    private long purgedMicros;
    private long doubtsMicros;
    private boolean isNoteDue = true;
    private boolean isClosed;

    /// What others may know of the tap thread.
    ///
    /// @param online whether the hub answers
    /// @param onlineSinceMicros from when on, microseconds since 1970; 0 if that is not known
    /// @param profile what the terminal is for, once the hub has told it
    /// @param storeTrouble a sentence for staff, empty if there is none
    /// @param salvage a sentence for staff on a file that was damaged, empty if there was none
    record State(
            boolean online,
            long onlineSinceMicros,
            Optional<ProfileRow> profile,
            String storeTrouble,
            String salvage) {
        static final State FIRST = new State(false, 0, Optional.empty(), "", "");
    }

    /// Work on the tap thread that may find the store failing.
    @FunctionalInterface
    private interface StoreWork {
        void run() throws StoreException;
    }

    /// @param language to greet in until the hub has told this venue's
    /// @param terminal this terminal's tag on cards
    public TapDesk(
            DeskStore store,
            Signals signals,
            HubUplink uplink,
            TerminalClock clock,
            String language,
            String programVersion,
            int terminal,
            Roles roles) {
        this.store = store;
        this.signals = signals;
        this.uplink = uplink;
        this.clock = clock;
        this.language = language;
        this.loop = new TapLoop(store, signals, clock, clock::mintId, terminal);
        this.forwarder = new Forwarder(store, uplink, clock, programVersion);
        this.role =
                roles.start("tap", QUEUE_MAX, 1, TICK, () -> guarded(this::tick), TapDesk::report);
    }

    State state() {
        return state.get();
    }

    /// @return what is wrong with the reader, empty if nothing is
    String readerTrouble() {
        return readerTrouble.get();
    }

    @Override
    public void presented(Presented presented) throws InterruptedException {
        try {
            role.call(
                    () -> {
                        guarded(() -> loop.tap(presented, forwarder.isOnline(), greeting()));
                        return presented;
                    },
                    TAP_MAX);
        } catch (TimeoutException | RejectedExecutionException e) {
            // Nothing was promised; should it be journalled later after all, its cue follows.
            LOG.log(System.Logger.Level.ERROR, "a tap was not answered in time", e);
            signals.show(Cue.plain(Cue.Kind.PLEASE_ASK, language));
        } catch (ExecutionException e) {
            LOG.log(System.Logger.Level.ERROR, "a tap was not answered", e.getCause());
            signals.show(Cue.plain(Cue.Kind.PLEASE_ASK, language));
        }
    }

    @Override
    public void readerFailed(String sentence) {
        if (!readerTrouble.getAndSet(sentence).equals(sentence)) {
            signals.show(Cue.plain(Cue.Kind.OUT_OF_SERVICE, language));
        }
    }

    @Override
    public void readerWorks() {
        readerTrouble.set("");
        role.offer(this::rest);
    }

    @Override
    public long nextEpoch() throws Exception {
        return role.call(store::nextEpoch, EPOCH_MAX);
    }

    @Override
    public void connected(long epoch) {
        if (!role.offer(() -> guarded(() -> forwarder.connected(epoch)))) {
            uplink.reset("this terminal is busy");
        }
    }

    @Override
    public void received(FeedPage page) {
        clock.hubSaid(page.hubMicros());
        if (!role.offer(() -> guarded(() -> forwarder.received(page)))) {
            LOG.log(System.Logger.Level.INFO, "busy; a page of the hub is asked for again later");
        }
    }

    /// A head that finds no room comes again with the next connection, or tomorrow.
    @Override
    public void told(SignedHead head) {
        role.offer(() -> guarded(() -> store.keep(head, clock.get())));
    }

    @Override
    public void disconnected() {
        role.offer(forwarder::disconnected);
    }

    /// Ends the thread, then closes the store it owned.
    @Override
    public void close() {
        role.offer(() -> {
            isClosed = true;
            store.close();
        });
        role.close();
    }

    private void tick() throws StoreException {
        if (isClosed) {
            return; // a store that is asked again opens again
        }
        long now = clock.bootMicros();
        if (!storeTrouble.isEmpty()) {
            if (now - probedMicros >= PROBE_MICROS) {
                probedMicros = now;
                store.probe();
                storeWorks();
            }
            return;
        }
        if (now - doubtsMicros >= DOUBTS_MICROS) {
            doubtsMicros = now;
            loop.tick();
        }
        forwarder.tick();
        if (now - purgedMicros >= PURGE_MICROS) {
            purgedMicros = now;
            store.purge(clock.get());
            isNoteDue = true;
        }
        publish();
    }

    private void guarded(StoreWork work) {
        try {
            work.run();
        } catch (StoreException e) {
            storeFailed(e);
        }
    }

    private void storeFailed(StoreException e) {
        String sentence = String.valueOf(e.getMessage());
        probedMicros = clock.bootMicros();
        if (!storeTrouble.equals(sentence)) {
            LOG.log(System.Logger.Level.ERROR, sentence, e.getCause());
            storeTrouble = sentence;
            signals.show(Cue.plain(Cue.Kind.OUT_OF_SERVICE, language));
            State last = state.get();
            state.set(
                    new State(
                            last.online(),
                            last.onlineSinceMicros(),
                            last.profile(),
                            sentence,
                            last.salvage()));
        }
    }

    private void storeWorks() {
        LOG.log(System.Logger.Level.INFO, "the store works again");
        storeTrouble = "";
        isNoteDue = true;
        rest();
    }

    /// The resting screen, unless something else is still wrong.
    private void rest() {
        boolean isWell = storeTrouble.isEmpty() && readerTrouble.get().isEmpty();
        Cue.Kind kind = isWell ? Cue.Kind.READY : Cue.Kind.OUT_OF_SERVICE;
        signals.show(Cue.plain(kind, language));
    }

    private String greeting() {
        return state.get().profile().map(ProfileRow::language).orElse(language);
    }

    private void publish() throws StoreException {
        State last = state.get();
        boolean online = forwarder.isOnline();
        long since = online == last.online() ? last.onlineSinceMicros() : clock.get().wallMicros();
        state.set(
                new State(
                        online,
                        since,
                        store.profile(),
                        storeTrouble,
                        isNoteDue ? store.salvageNote().orElse("") : last.salvage()));
        isNoteDue = false;
    }

    private static void report(Throwable failure) {
        LOG.log(System.Logger.Level.ERROR, "the tap thread goes on after a failure", failure);
    }
}
