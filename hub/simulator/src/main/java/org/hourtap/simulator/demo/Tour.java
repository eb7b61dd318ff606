package org.hourtap.simulator.demo;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.hourtap.simulator.demo.ScreenWatch.Shown;

/// A story of one day, played by itself on a running deployment, and the check at its end.
final class Tour {
    /// Short, so that the story of a day fits into a minute; a door has 30 s.
    static final int PASSBACK_SECONDS = 3;

    private static final Duration ARRIVAL_MAX = Duration.ofSeconds(30);

    /// Longer than the passback window of the demonstration, so that a tap is a new one.
    private static final Duration BETWEEN_TAPS = Duration.ofMillis(PASSBACK_SECONDS * 1_000 + 300);

    private final Deployment deployment;
    private final Scheme scheme;
    private final Consumer<String> narrator;
    private final List<String> wrong = new ArrayList<>();
    private int step;

    Tour(Deployment deployment, Consumer<String> narrator) {
        this.deployment = deployment;
        this.scheme = deployment.scheme();
        this.narrator = narrator;
    }

    /// Plays it.
    ///
    /// @return what did not go as it should; empty when all did and the books balance
    List<String> play() throws IOException, InterruptedException {
        say("Three members get cards. Owen and Priya bring hours from the paper books.");
        Person mair = scheme.issue("mair", "Mair", "cy", false);
        Person owen = scheme.issue("owen", "Owen", "en", true);
        Person priya = scheme.issue("priya", "Priya", "en", false);
        scheme.startWith(owen, 180);
        scheme.startWith(priya, 240);
        awaitCaches();

        volunteering(mair);
        swimming(mair, owen);
        theatreWithoutTheLink(owen, priya);
        killed(priya);
        theCardKnows(priya);
        theLinkReturns();
        return theBooks();
    }

    private void volunteering(Person mair) throws IOException, InterruptedException {
        say("Mair taps in for a shift at the lunch club, and out again.");
        Box club = deployment.box(Place.LUNCH_CLUB);
        expect(club, mair, "SHIFT_STARTED");
        Waiting.pause(BETWEEN_TAPS);
        expect(club, mair, "SHIFT_ENDED");
        awaitBalance(mair, 60);
        tell("A started hour counts as one: Mair has " + hours(scheme.balance(mair)) + ".");
    }

    private void swimming(Person mair, Person owen) throws IOException, InterruptedException {
        say("Mair spends her hour at the pool. Owen swims too, and taps twice in his hurry.");
        Box pool = deployment.box(Place.POOL);
        expect(pool, mair, "WELCOME");
        expect(pool, owen, "WELCOME");
        expect(pool, owen, "WELCOME");
        awaitBalance(mair, 0);
        awaitBalance(owen, 120);
        tell("Mair has " + hours(scheme.balance(mair)) + ". Owen's second tap cost nothing.");
        say("Mair comes again with nothing left, and is asked kindly to see someone.");
        Waiting.pause(BETWEEN_TAPS);
        expect(pool, mair, "PLEASE_ASK");
    }

    private void theatreWithoutTheLink(Person owen, Person priya)
            throws IOException, InterruptedException {
        say("The theatre's internet goes down. People come all the same.");
        Box theatre = deployment.box(Place.THEATRE);
        theatre.plug().pull();
        long before = scheme.counts(Place.THEATRE).posted();
        expect(theatre, owen, "WELCOME");
        expect(theatre, priya, "WELCOME");
        check(
                scheme.counts(Place.THEATRE).posted() == before,
                "the hub cannot know of the theatre's taps yet");
        tell("Both are welcome. The hub knows nothing of it yet: " + before + " posted.");
    }

    private void killed(Person priya) throws IOException, InterruptedException {
        say("The theatre's terminal loses power and starts again, still without the link.");
        Box theatre = deployment.box(Place.THEATRE);
        theatre.program().kill();
        theatre.start();
        tell(
                "Its journal is as it was. Priya stays for the evening, which takes her last two hours:");
        Waiting.pause(BETWEEN_TAPS);
        expect(theatre, priya, "WELCOME");
    }

    private void theCardKnows(Person priya) throws IOException, InterruptedException {
        say("The pool's internet goes down as well. Priya would like to swim.");
        Box pool = deployment.box(Place.POOL);
        pool.plug().pull();
        tell("The pool last heard of four hours on her account. Her card tells it of the theatre:");
        expect(pool, priya, "PLEASE_ASK");
        pool.plug().plugIn();
        boolean brought = Waiting.until(ARRIVAL_MAX, () -> isPosted(Place.THEATRE, 2));
        check(brought, "the pool tells the hub what the card brought within 30 s");
        tell("The pool is back, and the hub knows of the theatre's two taps from her card.");
    }

    private void theLinkReturns() throws IOException, InterruptedException {
        say("The hub is killed and started again, and the theatre's link returns.");
        deployment.hub().kill();
        deployment.startHub();
        deployment.box(Place.THEATRE).plug().plugIn();
        boolean arrived = Waiting.until(ARRIVAL_MAX, () -> isPosted(Place.THEATRE, 3));
        check(arrived, "the theatre's three taps arrive within 30 s");
        check(
                Waiting.until(
                        ARRIVAL_MAX,
                        () ->
                                deployment.boxes().stream()
                                        .map(StaffState::of)
                                        .allMatch(state -> state.waiting() == 0)),
                "no terminal has anything left to send");
        tell("The taps that waited are in the ledger, and those that came by card are there once.");
    }

    private List<String> theBooks() throws IOException, InterruptedException {
        say("The books.");
        for (Place place : Place.DEMONSTRATION) {
            Scheme.Counts counts = scheme.counts(place);
            tell(
                    String.format(
                            "%-20s taps welcomed %d, in the ledger %d",
                            place.venue(), counts.welcomed(), counts.posted()));
            check(
                    counts.welcomed() == counts.posted()
                            && counts.welcomed() == (place.equals(Place.THEATRE) ? 3 : 2),
                    place.venue() + " welcomed as many taps as are in the ledger");
        }
        long sum = scheme.trialBalance();
        tell(
                "Trial balance: "
                        + scheme.journal().size()
                        + " transfers, sum of all accounts "
                        + sum);
        check(sum == 0, "the sum of all accounts is zero");
        check(scheme.findings().isEmpty(), "nothing is left for someone to look at");
        return List.copyOf(wrong);
    }

    private void expect(Box box, Person person, String state) {
        Optional<Shown> answer = box.tap(person);
        if (answer.isEmpty()) {
            tell(person.firstName() + " at " + box.place().venue() + ": no answer");
            wrong.add(person.firstName() + " got no answer at " + box.place().venue());
            return;
        }
        Shown shown = answer.get();
        tell(
                person.firstName()
                        + " at "
                        + box.place().venue()
                        + ": “"
                        + shown.title()
                        + (shown.detail().isEmpty() ? "" : " — " + shown.detail())
                        + "”");
        check(
                shown.state().equals(state),
                person.firstName() + " sees " + state + ", not " + shown.state());
    }

    private void awaitCaches() {
        boolean reached =
                Waiting.until(
                        ARRIVAL_MAX,
                        () ->
                                deployment.boxes().stream()
                                        .allMatch(box -> StaffState.of(box).isOnline()));
        check(reached, "every terminal reaches the hub");
        // What was just registered is on its way; the push takes milliseconds.
        Waiting.pause(Duration.ofSeconds(1));
    }

    private void awaitBalance(Person person, long minutes) {
        boolean reached =
                Waiting.until(
                        ARRIVAL_MAX,
                        () -> {
                            try {
                                return scheme.balance(person) == minutes;
                            } catch (IOException e) {
                                return false;
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                                return false;
                            }
                        });
        check(reached, person.firstName() + " has " + minutes + " minutes");
        // The terminals hear of it in the same moment; give the page time to be applied.
        Waiting.pause(Duration.ofMillis(300));
    }

    private boolean isPosted(Place place, long taps) {
        try {
            return scheme.counts(place).posted() >= taps;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void check(boolean holds, String what) {
        if (!holds) {
            tell("!! This does not hold: " + what);
            wrong.add(what);
        }
    }

    private void say(String sentence) {
        narrator.accept("");
        narrator.accept(++step + ". " + sentence);
    }

    private void tell(String sentence) {
        narrator.accept("   " + sentence);
    }

    private static String hours(long minutes) {
        return minutes / 60 + " h" + (minutes % 60 == 0 ? "" : " " + minutes % 60 + " min");
    }
}
