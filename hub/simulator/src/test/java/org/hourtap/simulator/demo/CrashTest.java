package org.hourtap.simulator.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.hourtap.simulator.demo.ScreenWatch.Shown;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Real processes, killed with -9 at random moments while people tap. `-Dseed=…` replays the choice
/// of victims and moments, though not the scheduling of the machine.
@Timeout(1200)
class CrashTest {
    private static final int KILLS = 60;

    /// The whole of a tap through the in-process reader, with some time before and after.
    private static final int KILL_WITHIN_MILLIS = 350;

    /// People tap again until they see an answer, and a restart takes seconds; within the window
    /// that is a repeat, so nobody pays twice.
    private static final int PASSBACK_SECONDS = 120;

    private static final Duration PATIENCE = Duration.ofMillis(1_500);
    private static final Duration SETTLING_MAX = Duration.ofSeconds(60);
    private static final int TRIES_MAX = 12;

    @TempDir private Path folder;

    private final List<Person> welcomed = new ArrayList<>();

    @Test
    void everyTapThatWasWelcomedIsInTheLedgerExactlyOnce() throws Exception {
        long seed = Long.getLong("seed", 20_261_122);
        SplittableRandom random = new SplittableRandom(seed);
        try (Deployment deployment =
                Deployment.start(folder, "in-process", PASSBACK_SECONDS, _ -> {})) {
            List<Person> people = new ArrayList<>();
            for (int i = 0; i < KILLS; i++) {
                Person person = deployment.scheme().issue("m" + i, "Member " + i, "en", i % 5 == 0);
                deployment.scheme().startWith(person, 600);
                people.add(person);
            }
            Waiting.pause(Duration.ofSeconds(2));
            for (int kill = 0; kill < KILLS; kill++) {
                round(deployment, people.get(kill), random, kill);
            }
            settle(deployment);
            assertThat(welcomed).as("seed %d", seed).hasSize(KILLS);
            assertBooks(deployment, seed);
        }
    }

    /// Someone taps, something is killed, it comes back, and the person taps again as people do.
    private void round(Deployment deployment, Person person, SplittableRandom random, int number)
            throws Exception {
        Box box = deployment.box(random.nextBoolean() ? Place.POOL : Place.THEATRE);
        boolean hubDies = number % 6 == 5;
        if (random.nextInt(4) == 0) {
            box.plug().pull();
        }
        Program victim = hubDies ? deployment.hub() : box.program();
        int delay = random.nextInt(KILL_WITHIN_MILLIS);
        Thread killer =
                Thread.ofVirtual()
                        .start(() -> {
                            Waiting.pause(Duration.ofMillis(delay));
                            victim.kill();
                        });
        boolean isWelcome = isWelcome(box.tap(person, PATIENCE));
        killer.join();
        if (hubDies) {
            deployment.startHub();
        } else {
            box.start();
        }
        for (int tries = 0; !isWelcome && tries < TRIES_MAX; tries++) {
            isWelcome = isWelcome(box.tap(person, Duration.ofSeconds(4)));
        }
        box.plug().plugIn();
        if (isWelcome) {
            welcomed.add(person);
        }
    }

    private static boolean isWelcome(Optional<Shown> answer) {
        return answer.isPresent() && answer.get().isWelcome();
    }

    private static void settle(Deployment deployment) {
        boolean empty =
                Waiting.until(
                        SETTLING_MAX,
                        () ->
                                deployment.boxes().stream()
                                        .map(StaffState::of)
                                        .allMatch(
                                                state -> state.isOnline() && state.waiting() == 0));
        assertThat(empty)
                .as(
                        "every journal is acknowledged: %s",
                        deployment.boxes().stream()
                                .map(box -> box.place() + " " + StaffState.of(box))
                                .toList())
                .isTrue();
    }

    private void assertBooks(Deployment deployment, long seed) throws Exception {
        Map<String, Integer> spends = new HashMap<>();
        for (JsonNode line : deployment.scheme().journal()) {
            if (line.path("reason").asText().equals("SPEND")) {
                spends.merge(line.path("debit").asText(), 1, Integer::sum);
            }
        }
        for (Person person : welcomed) {
            assertThat(spendsOf(spends, person))
                    .as("transfers of %s, seed %d", person.member(), seed)
                    .isEqualTo(1);
        }
        assertThat(spends.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(KILLS);
        assertThat(deployment.scheme().trialBalance()).isZero();
        assertThat(deployment.scheme().findings()).isEmpty();
    }

    private static int spendsOf(Map<String, Integer> spends, Person person) {
        return spends.entrySet().stream()
                .filter(entry -> entry.getKey().endsWith(person.member()))
                .filter(entry ->
                        !Character.isLetterOrDigit(before(entry.getKey(), person.member())))
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    private static char before(String account, String member) {
        int at = account.length() - member.length() - 1;
        return at < 0 ? ' ' : account.charAt(at);
    }
}
