package org.hourtap.simulator.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.hourtap.runtime.SystemTime;
import org.hourtap.simulator.bench.pcsc.BareProgram;
import org.hourtap.simulator.demo.Box;
import org.hourtap.simulator.demo.Deployment;
import org.hourtap.simulator.demo.Person;
import org.hourtap.simulator.demo.Place;
import org.hourtap.simulator.demo.ScreenWatch.Shown;
import org.hourtap.simulator.demo.Waiting;
import org.hourtap.smartcardio.testing.CardAnswer;
import org.hourtap.smartcardio.testing.VpcdCard;

/// From the card in the field to the light: a virtual DESFire at the real pcscd, a terminal as in
/// production, cut off from the hub, and its screen as the browser sees it. Beside it, in turn, a
/// bare program that answers one APDU through the same pcscd.
///
/// pcscd looks for a card every 400 ms here, which a real reader with an interrupt does not need,
/// so the time begins when pcscd has switched the card on: that is when it has detected it.
final class TapBench {
    private static final double P50_MILLIS_MAX = 25;
    private static final double P99_MILLIS_MAX = 60;

    /// Design §11.
    private static final double TAPS_PER_MINUTE_MIN = 40;

    /// Until the terminal's hot code is compiled; people tap all day.
    private static final int WARM_UP = 15;

    private static final int PEOPLE = 10;
    private static final int HOURS_MINUTES = 6_000;
    private static final int ECHOES = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(8);

    private final int taps;
    private final Consumer<String> progress;
    private final Sample light = new Sample();
    private final Sample cardWork = new Sample();
    private final Sample echo = new Sample();
    private final Sample exchange = new Sample();

    TapBench(int taps, Consumer<String> progress) {
        this.taps = taps;
        this.progress = progress;
    }

    List<Figure> run(Path folder) throws IOException, InterruptedException {
        try (Deployment deployment = Deployment.start(folder, "pcsc", 0, progress)) {
            deployment.scheme().price(Place.POOL, 1);
            List<Person> people = people(deployment);
            Box pool = deployment.box(Place.POOL);
            Box club = deployment.box(Place.LUNCH_CLUB);
            club.program().stop();
            pool.plug().pull();
            Waiting.pause(Duration.ofSeconds(1));
            BareProgram bare = BareProgram.at(club.reader());
            long since = SystemTime.bootMicros();
            for (int i = 0; i < WARM_UP + taps; i++) {
                boolean isCounted = i >= WARM_UP;
                if (i == WARM_UP) {
                    since = SystemTime.bootMicros();
                }
                tap(pool, people.get(i % PEOPLE), isCounted);
                if (isCounted && i % 4 == 0) {
                    echo(club, bare);
                }
                if (i % 20 == 0) {
                    progress.accept("  " + i + " of " + (WARM_UP + taps) + " taps");
                }
            }
            return figures(SystemTime.bootMicros() - since);
        }
    }

    private List<Figure> figures(long micros) {
        double own = light.millis(0.5);
        return List.of(
                Figure.atMost("card detected to light, p50", own, "ms", P50_MILLIS_MAX),
                Figure.atMost(
                        "card detected to light, p99", light.millis(0.99), "ms", P99_MILLIS_MAX),
                Figure.of("of it: first to last APDU, p50", cardWork.millis(0.5), "ms"),
                Figure.of("bare program, card detected to one answer, p50", echo.millis(0.5), "ms"),
                Figure.of("bare program, one more APDU, p50", exchange.millis(0.5), "ms"),
                Figure.of("light / bare answer, p50", own / echo.millis(0.5), "times"),
                Figure.atLeast(
                        "sustained, with " + echo.size() + " echoes between",
                        taps * 60e6 / micros,
                        "taps/min",
                        TAPS_PER_MINUTE_MIN));
    }

    private void tap(Box pool, Person person, boolean isCounted) throws IOException {
        TimedCard card = new TimedCard(person.inHand());
        Optional<Shown> answer = pool.hold(card, VpcdCard.Pull.NEVER, PATIENCE);
        if (answer.isEmpty() || !answer.get().isWelcome()) {
            throw new IOException("a tap was not welcomed: " + answer);
        }
        if (isCounted) {
            light.add(answer.get().micros() - card.detectedMicros());
            cardWork.add(card.lastMicros() - card.firstMicros());
        }
    }

    private void echo(Box at, BareProgram bare) throws IOException {
        TimedCard card = new TimedCard(_ -> new byte[] {(byte) 0x90, 0});
        try (VpcdCard _ = VpcdCard.insert(at.reader(), card)) {
            echo.add(bare.echo(ECHOES, exchange::add) - card.detectedMicros());
        }
        bare.awaitAbsent();
    }

    private static List<Person> people(Deployment deployment)
            throws IOException, InterruptedException {
        List<Person> people = new ArrayList<>();
        for (int i = 0; i < PEOPLE; i++) {
            Person person = deployment.scheme().issue("b" + i, "Bench " + i, "en", false);
            deployment.scheme().startWith(person, HOURS_MINUTES);
            people.add(person);
        }
        Waiting.pause(Duration.ofSeconds(2));
        return people;
    }

    /// A card that notes when it was switched on and when it was spoken to.
    private static final class TimedCard implements CardAnswer {
        private final CardAnswer card;
        private volatile long detectedMicros;
        private volatile long firstMicros;
        private volatile long lastMicros;

        TimedCard(CardAnswer card) {
            this.card = card;
        }

        long detectedMicros() {
            return detectedMicros;
        }

        long firstMicros() {
            return firstMicros;
        }

        long lastMicros() {
            return lastMicros;
        }

        @Override
        public byte[] answer(byte[] apdu) {
            if (firstMicros == 0) {
                firstMicros = SystemTime.bootMicros();
            }
            byte[] answer = card.answer(apdu);
            lastMicros = SystemTime.bootMicros();
            return answer;
        }

        @Override
        public void reset() {
            if (detectedMicros == 0) {
                detectedMicros = SystemTime.bootMicros();
            }
            card.reset();
        }
    }
}
