package org.hourtap.simulator.demo;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.hourtap.simulator.demo.ScreenWatch.Shown;
import org.hourtap.smartcardio.testing.CardAnswer;
import org.hourtap.smartcardio.testing.VirtualReader;
import org.hourtap.smartcardio.testing.VpcdCard;

/// One terminal of the demonstration: its process, its network cable, its reader and its screen.
public final class Box implements AutoCloseable {
    /// pcscd looks for a card every 400 ms, then there is the exchange and the commit.
    private static final Duration ANSWER_MAX = Duration.ofSeconds(8);

    private static final Duration START_MAX = Duration.ofSeconds(60);

    /// Longer than pcscd's poll, so that the next card is not taken for the last one.
    private static final Duration AWAY = Duration.ofMillis(450);

    /// An answer to a card that has gone takes as long as pcscd takes to miss it.
    private static final Duration AFTER_PULL = Duration.ofMillis(1_500);

    private final Place place;
    private final Program program;
    private final Plug plug;
    private final VirtualReader reader;
    private final int screenPort;
    private final ScreenWatch watch;

    Box(Place place, Program program, Plug plug, VirtualReader reader, int screenPort) {
        this.place = place;
        this.program = program;
        this.plug = plug;
        this.reader = reader;
        this.screenPort = screenPort;
        this.watch = ScreenWatch.at(screenPort);
    }

    public Place place() {
        return place;
    }

    public Program program() {
        return program;
    }

    public Plug plug() {
        return plug;
    }

    public VirtualReader reader() {
        return reader;
    }

    ScreenWatch watch() {
        return watch;
    }

    String screenAddress() {
        return "http://127.0.0.1:" + screenPort + "/";
    }

    /// Starts the terminal and waits until its screen is lit.
    public void start() throws IOException {
        // What was watched until now was the program before, should that have been killed.
        Waiting.until(START_MAX, () -> !watch.isConnected());
        program.start();
        if (!Waiting.until(START_MAX, () -> watch.isConnected() || !program.isAlive())
                || !program.isAlive()) {
            throw new IOException(
                    place.venue() + " did not start. Its log ends:\n" + program.logEnd());
        }
    }

    /// Holds a card at the reader until the screen answers, then takes it away.
    ///
    /// @return what the screen said, or empty if it said nothing in time
    Optional<Shown> tap(Person person) {
        return tap(person, ANSWER_MAX);
    }

    Optional<Shown> tap(Person person, Duration patience) {
        return hold(person.inHand(), VpcdCard.Pull.NEVER, patience);
    }

    /// Holds any card at the reader until the screen answers or the card is pulled away by itself.
    ///
    /// @return what the screen said, or empty if it said nothing in time
    public Optional<Shown> hold(CardAnswer card, VpcdCard.Pull pull, Duration patience) {
        watch.clear();
        try (VpcdCard held = VpcdCard.insert(reader, card, pull)) {
            Waiting.until(
                    patience,
                    () -> watch.answer().isPresent() || !held.inserted() || !program.isAlive());
        } catch (RuntimeException e) {
            // The terminal is down or not yet up, so nothing holds the reader; the person sees a
            // dark screen, and waits a moment before trying again.
            Waiting.pause(AWAY);
            return Optional.empty();
        }
        Waiting.until(AFTER_PULL, () -> watch.answer().isPresent() || !program.isAlive());
        Optional<Shown> answer = watch.answer();
        Waiting.pause(AWAY);
        return answer;
    }

    @Override
    public void close() {
        watch.close();
        program.close();
        plug.close();
    }
}
