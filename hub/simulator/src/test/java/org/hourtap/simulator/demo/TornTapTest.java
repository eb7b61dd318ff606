package org.hourtap.simulator.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.hourtap.simulator.demo.ScreenWatch.Shown;
import org.hourtap.smartcardio.testing.CardAnswer;
import org.hourtap.smartcardio.testing.VpcdCard.Pull;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The card is pulled before and after each APDU of a tap, and in a second run the terminal dies at
/// that moment as well. The person then holds the card again, as asked, until the light is green.
/// Hours charged must be entries granted, in every cell.
@Timeout(900)
class TornTapTest {
    private static final int PRICE = 60;
    private static final int HOURS_MINUTES = 600;

    /// A person who saw a green light does not hold the card again; one who did not does so within
    /// this window, which is a repeat if the tap counted after all.
    private static final int PASSBACK_SECONDS = 60;

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int TRIES_MAX = 6;
    private static final int APDUS_MAX = 24;

    /// Never received by anyone: the terminal is dead.
    private static final byte[] NOTHING = {0x6F, 0};

    @TempDir private Path folder;

    private record Cell(String when, String terminal, int granted, long charged) {}

    /// A person who goes through one cell.
    private record Story(Person person, String when, String terminal, int granted) {}

    @Test
    void hoursChargedAreEntriesGrantedWhereverTheTapTears() throws Exception {
        try (Deployment deployment = Deployment.start(folder, "pcsc", PASSBACK_SECONDS, _ -> {})) {
            Box pool = deployment.box(Place.POOL);
            int apdus = apdusOfATap(deployment, pool);
            List<Person> people = people(deployment, 4 * apdus);
            List<Story> stories = new ArrayList<>();
            for (int apdu = 1; apdu <= apdus; apdu++) {
                for (boolean dies : new boolean[] {false, true}) {
                    for (Pull pull : List.of(Pull.before(apdu), Pull.after(apdu))) {
                        stories.add(torn(pool, people.removeFirst(), pull, dies));
                    }
                }
            }
            assertThat(Books.settled(deployment)).isTrue();
            List<Cell> cells = new ArrayList<>();
            for (Story story : stories) {
                cells.add(
                        new Cell(
                                story.when(),
                                story.terminal(),
                                story.granted(),
                                Books.charged(deployment, story.person()) / PRICE));
            }
            report(cells);
            assertThat(cells).allMatch(cell -> cell.granted() == 1 && cell.charged() == 1);
            assertThat(deployment.scheme().trialBalance()).isZero();
        }
    }

    private static Story torn(Box box, Person person, Pull pull, boolean dies) throws Exception {
        Optional<Shown> answer;
        if (dies) {
            CardAnswer deadly = new DeadlyCard(person.inHand(), pull, () -> box.program().kill());
            answer = box.hold(deadly, Pull.NEVER, PATIENCE);
            box.start();
        } else {
            answer = box.hold(person.inHand(), pull, PATIENCE);
        }
        int granted = granted(answer);
        for (int tries = 0; granted == 0 && tries < TRIES_MAX; tries++) {
            granted = granted(box.tap(person, PATIENCE));
        }
        String when = (pull.processed() ? "after " : "before ") + pull.apdu();
        return new Story(person, when, dies ? "killed" : "runs", granted);
    }

    private static int granted(Optional<Shown> answer) {
        return answer.filter(Shown::isWelcome).isPresent() ? 1 : 0;
    }

    private static int apdusOfATap(Deployment deployment, Box box) throws Exception {
        List<Person> one = people(deployment, 1);
        CountingCard card = new CountingCard(one.getFirst().inHand());
        Optional<Shown> answer = box.hold(card, Pull.NEVER, PATIENCE);
        assertThat(answer.map(Shown::state)).contains("WELCOME");
        assertThat(card.apdus()).isBetween(6, APDUS_MAX);
        return card.apdus();
    }

    private static List<Person> people(Deployment deployment, int count) throws Exception {
        List<Person> people = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = "torn-" + count + "-" + i;
            Person person = deployment.scheme().issue(name, name, "en", false);
            deployment.scheme().startWith(person, HOURS_MINUTES);
            people.add(person);
        }
        Waiting.pause(Duration.ofSeconds(2));
        return people;
    }

    private static void report(List<Cell> cells) throws Exception {
        List<String> lines = new ArrayList<>();
        lines.add(line("card pulled", "terminal", "granted", "charged"));
        for (Cell cell : cells) {
            lines.add(
                    line("APDU, " + cell.when(), cell.terminal(), cell.granted(), cell.charged()));
        }
        long good = cells.stream().filter(cell -> cell.granted() == cell.charged()).count();
        lines.add("torn taps: " + good + " of " + cells.size() + " cells charge what was granted");
        Report.write("torn-taps", lines);
    }

    private static String line(Object... columns) {
        return String.format(Locale.ROOT, "%-20s %-8s %8s %8s", columns);
    }

    private static final class CountingCard implements CardAnswer {
        private final CardAnswer card;
        private final AtomicInteger apdus = new AtomicInteger();

        CountingCard(CardAnswer card) {
            this.card = card;
        }

        int apdus() {
            return apdus.get();
        }

        @Override
        public byte[] answer(byte[] apdu) {
            apdus.incrementAndGet();
            return card.answer(apdu);
        }

        @Override
        public void reset() {
            card.reset();
        }
    }

    /// Kills the terminal while it waits for the answer to one APDU, which the card has acted on or
    /// not.
    private static final class DeadlyCard implements CardAnswer {
        private final CardAnswer card;
        private final Pull pull;
        private final Runnable kill;
        private int apdus;

        DeadlyCard(CardAnswer card, Pull pull, Runnable kill) {
            this.card = card;
            this.pull = pull;
            this.kill = kill;
        }

        @Override
        public byte[] answer(byte[] apdu) {
            apdus++;
            if (apdus == pull.apdu() && !pull.processed()) {
                kill.run();
                return NOTHING;
            }
            byte[] answer = card.answer(apdu);
            if (apdus == pull.apdu()) {
                kill.run();
            }
            return answer;
        }

        @Override
        public void reset() {
            card.reset();
        }
    }
}
