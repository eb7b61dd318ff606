package org.hourtap.simulator.crash;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator.SplittableGenerator;
import java.util.stream.Collectors;
import org.hourtap.runtime.DataFolder;
import org.hourtap.runtime.SystemTime;
import org.hourtap.simulator.demo.Box;
import org.hourtap.simulator.demo.Deployment;
import org.hourtap.simulator.demo.Person;
import org.hourtap.simulator.demo.Place;
import org.hourtap.simulator.demo.Plan;
import org.hourtap.simulator.demo.StaffState;
import org.hourtap.simulator.demo.Waiting;

/// One run: a deployment, people, mishaps, then peace, and the audit of all files.
final class CrashRun {
    private static final int PRICE_MINUTES = 5;
    private static final int HOURS_MINUTES = 12_000;
    private static final int ROUND_UP_MINUTES = 60;
    private static final int PEOPLE_PER_TERMINAL = 4;
    private static final int SHIFT_KIOSK_EVERY = 3;
    private static final int OLDER_CARD_EVERY = 8;
    private static final int SCREEN_PORT = 8201;
    private static final int HTTP_PORT = 8190;
    private static final int MQTT_PORT = 8191;
    private static final Duration PROGRESS_EVERY = Duration.ofSeconds(5);

    /// Taps in doubt are closed by their terminal after five minutes at the latest.
    private static final Duration SETTLING_MAX = Duration.ofSeconds(400);

    private static final Duration CACHES_MAX = Duration.ofSeconds(30);
    private static final Duration FEED_ARRIVES = Duration.ofSeconds(3);

    private final Order order;
    private final Consumer<String> say;
    private final SplittableGenerator chance;
    private final List<Person> people = new ArrayList<>();

    /// What is asked for.
    ///
    /// @param folder empty; everything is kept below it
    /// @param reader as in the demonstration
    /// @param gap from one mishap to the next, on average
    /// @param longest no mishap is left longer than this
    /// @param passbackSeconds the same card again at the same terminal within this is a repeat
    record Order(
            Path folder,
            String reader,
            int terminals,
            Duration duration,
            Duration gap,
            Duration longest,
            int passbackSeconds) {}

    /// @param chance decides who goes where, what goes wrong and when
    CrashRun(Order order, SplittableGenerator chance, Consumer<String> say) {
        this.order = order;
        this.chance = chance;
        this.say = say;
    }

    Outcome run() throws IOException, InterruptedException, SQLException {
        DataFolder.make(order.folder());
        Path folder = order.folder().toRealPath();
        try (ShakyGround ground = new ShakyGround(folder)) {
            ground.leftOut().forEach(left -> say.accept("Left out here: " + left + "."));
            List<Place> places = places();
            Plan plan =
                    new Plan(
                            folder,
                            places,
                            order.reader(),
                            order.passbackSeconds(),
                            HTTP_PORT,
                            MQTT_PORT,
                            ground);
            try (Deployment deployment = Deployment.start(plan, say)) {
                return shaken(folder, deployment, ground);
            }
        }
    }

    private Outcome shaken(Path folder, Deployment deployment, ShakyGround ground)
            throws IOException, InterruptedException, SQLException {
        invite(deployment);
        EvidenceFiles files =
                new EvidenceFiles(
                        folder.resolve(Deployment.HUB),
                        deployment.boxes().stream()
                                .map(box -> box.place().terminal())
                                .collect(Collectors.toMap(Function.identity(), folder::resolve)));
        Mischief begun =
                new Mischief(deployment, ground, order.gap(), order.longest(), chance.split());
        try (Crowd crowd = new Crowd(deployment.boxes(), folder.resolve("answers.tsv"));
                Mischief mischief = begun) {
            people.forEach(person -> crowd.add(person, chance.split()));
            mischief.start();
            watch(crowd, mischief);
            mischief.stop();
            crowd.goHome();
            say.accept("Mended; waiting until everything is told.");
            List<String> troubles = new ArrayList<>(mischief.failures());
            troubles.addAll(notSettled(deployment, files, crowd));
            troubles.addAll(notRunning(deployment));
            stop(deployment);
            Evidence evidence = files.read(order.passbackSeconds(), crowd.answers(), troubles);
            return new Outcome(mischief.counts(), evidence, Auditor.audit(evidence));
        }
    }

    private List<Place> places() {
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < order.terminals(); i++) {
            boolean isShift = i % SHIFT_KIOSK_EVERY == SHIFT_KIOSK_EVERY - 1;
            String kind = isShift ? "kiosk-" : "door-";
            places.add(
                    new Place(
                            kind + i,
                            "venue-" + i,
                            "Venue " + i,
                            "activity-" + i,
                            isShift ? "Shift " + i : "Entrance " + i,
                            isShift ? ROUND_UP_MINUTES : PRICE_MINUTES + i,
                            isShift,
                            SCREEN_PORT + i));
        }
        return places;
    }

    private void invite(Deployment deployment) throws IOException, InterruptedException {
        int count = order.terminals() * PEOPLE_PER_TERMINAL;
        for (int i = 0; i < count; i++) {
            boolean isOlder = i % OLDER_CARD_EVERY == OLDER_CARD_EVERY - 1;
            Person person = deployment.scheme().issue("m" + i, "Member " + i, "en", isOlder);
            deployment.scheme().startWith(person, HOURS_MINUTES);
            people.add(person);
        }
        say.accept(count + " people with cards are on their way.");
        Waiting.pause(FEED_ARRIVES);
    }

    private void watch(Crowd crowd, Mischief mischief) throws InterruptedException {
        long start = SystemTime.bootMicros();
        long total = order.duration().toSeconds();
        long seconds = 0;
        while (seconds < total) {
            Waiting.pause(
                    Duration.ofSeconds(Math.min(PROGRESS_EVERY.toSeconds(), total - seconds)));
            stopIfAsked();
            seconds = (SystemTime.bootMicros() - start) / 1_000_000;
            List<Answer> answers = crowd.answers();
            say.accept(
                    seconds
                            + " s of "
                            + total
                            + " · cards held "
                            + answers.size()
                            + " · welcomed "
                            + answers.stream().filter(Answer::isWelcome).count()
                            + " · mishaps "
                            + mischief.counts().values().stream().mapToInt(n -> n).sum()
                            + " · now: "
                            + String.join(", ", mischief.underWay()));
        }
    }

    /// Waits until every terminal has told everything and knows everything. A tap that is still in
    /// doubt is settled by its card, which its holder brings back.
    private List<String> notSettled(Deployment deployment, EvidenceFiles files, Crowd crowd)
            throws SQLException, InterruptedException {
        long deadline = SystemTime.bootMicros() + SETTLING_MAX.toNanos() / 1_000;
        List<String> troubles = waiting(deployment);
        while (!troubles.isEmpty() && SystemTime.bootMicros() < deadline) {
            Map<String, List<String>> doubts = files.doubts();
            for (Box box : deployment.boxes()) {
                for (String card : doubts.getOrDefault(box.place().terminal(), List.of())) {
                    people.stream()
                            .filter(person -> person.cardId().equals(card))
                            .forEach(person -> crowd.visit(person, box));
                }
            }
            Waiting.pause(Duration.ofSeconds(1));
            stopIfAsked();
            troubles = waiting(deployment);
        }
        long cachesDeadline = SystemTime.bootMicros() + CACHES_MAX.toNanos() / 1_000;
        while (!files.areCachesUpToDate() && SystemTime.bootMicros() < cachesDeadline) {
            Waiting.pause(Duration.ofMillis(500));
        }
        return troubles;
    }

    private static void stopIfAsked() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("stopped");
        }
    }

    private static List<String> waiting(Deployment deployment) {
        List<String> waiting = new ArrayList<>();
        for (Box box : deployment.boxes()) {
            StaffState state = StaffState.of(box);
            if (!state.isOnline() || state.waiting() != 0) {
                waiting.add(box.place().terminal() + " did not settle: " + state);
            }
        }
        return waiting;
    }

    private static List<String> notRunning(Deployment deployment) {
        List<String> ended = new ArrayList<>();
        for (Box box : deployment.boxes()) {
            if (!box.program().isAlive()) {
                ended.add(box.place().terminal() + " ended by itself");
            }
        }
        if (!deployment.hub().isAlive()) {
            ended.add("the hub ended by itself");
        }
        return ended;
    }

    private static void stop(Deployment deployment) {
        deployment.boxes().forEach(box -> box.program().stop());
        deployment.hub().stop();
    }
}
