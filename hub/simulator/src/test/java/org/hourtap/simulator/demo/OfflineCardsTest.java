package org.hourtap.simulator.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.hourtap.runtime.SystemTime;
import org.hourtap.simulator.demo.ScreenWatch.Shown;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Two terminals that can reach neither the hub nor each other, and cards that go from one to the
/// other, through the real pcscd and vpcd.
@Timeout(400)
class OfflineCardsTest {
    private static final int PRICE = 15;
    private static final int PLAIN_PRICE = 60;

    /// What the demonstration's doors allow a card without the hub.
    private static final int LIMIT_MINUTES = 120;

    private static final int HOURS_MINUTES = 180;
    private static final int PASSBACK_SECONDS = 2;

    /// 20 taps a minute at each of the two.
    private static final Duration PACE = Duration.ofMillis(1_500);

    private static final Duration PATIENCE = Duration.ofSeconds(6);

    @TempDir private Path folder;

    private final List<Person> people = new ArrayList<>();

    @Test
    void aCardThatCarriesItsTapsSpendsExactlyWhatItHas() throws Exception {
        try (Deployment deployment = twoCutOffDoors(List.of("carrier", "second"))) {
            // Two cards in turn, so that each door sees 20 taps a minute and no card is a repeat.
            int[] welcomed = new int[people.size()];
            List<Long> lateMillis = new ArrayList<>();
            int taps = (HOURS_MINUTES / PRICE + 4) * people.size();
            long start = SystemTime.bootMicros();
            for (int tap = 0; tap < taps; tap++) {
                int who = tap % people.size();
                Place door = (tap / people.size()) % 2 == 0 ? Place.POOL : Place.THEATRE;
                Optional<Shown> answer = deployment.box(door).tap(people.get(who), PATIENCE);
                assertThat(answer).as("tap %d", tap).isPresent();
                welcomed[who] += answer.get().isWelcome() ? 1 : 0;
                long due = start + (tap + 1) * PACE.toNanos() / 1_000;
                lateMillis.add((SystemTime.bootMicros() - due) / 1_000);
                Waiting.until(Duration.ofSeconds(5), () -> SystemTime.bootMicros() >= due);
            }
            long seconds = (SystemTime.bootMicros() - start) / 1_000_000;
            Report.write(
                    "offline-cards",
                    List.of(
                            taps
                                    + " taps in "
                                    + seconds
                                    + " s at two doors cut off from everything; minutes welcomed"
                                    + " per card of "
                                    + HOURS_MINUTES
                                    + ": "
                                    + IntStream.of(welcomed).map(n -> n * PRICE).boxed().toList()
                                    + "; latest tap "
                                    + lateMillis.stream().max(Long::compare).orElse(0L)
                                    + " ms after its time"));
            for (int entries : welcomed) {
                assertThat(entries * PRICE).as("minutes welcomed").isEqualTo(HOURS_MINUTES);
            }
            reconnect(deployment);
            for (Person person : people) {
                assertThat(Books.charged(deployment, person)).isEqualTo(HOURS_MINUTES);
                assertThat(deployment.scheme().balance(person)).isZero();
            }
            assertThat(deployment.scheme().trialBalance()).isZero();
            assertThat(deployment.scheme().findings()).isEmpty();
        }
    }

    /// Each door knows what it welcomed itself and not what the other did, so each goes to its own
    /// limit, and together they welcome more than there is. That is what the limit is for, and why
    /// such cards are off unless a scheme turns them on.
    @Test
    void aCardThatOnlyHasANumberIsHeldByTheLimitOfEachDoor() throws Exception {
        try (Deployment deployment = twoCutOffDoors(List.of())) {
            Person person = people.getFirst();
            int welcomed = 0;
            for (Place door : List.of(Place.POOL, Place.THEATRE)) {
                int here = 0;
                Optional<Shown> answer = deployment.box(door).tap(person, PATIENCE);
                while (answer.filter(Shown::isWelcome).isPresent()) {
                    here += PLAIN_PRICE;
                    Waiting.pause(Duration.ofSeconds(PASSBACK_SECONDS));
                    answer = deployment.box(door).tap(person, PATIENCE);
                }
                assertThat(answer.map(Shown::state)).contains("PLEASE_ASK");
                assertThat(here).as("minutes welcomed at %s", door).isEqualTo(LIMIT_MINUTES);
                welcomed += here;
            }
            reconnect(deployment);
            long findings = deployment.scheme().findings().size();
            assertThat(Books.charged(deployment, person)).isEqualTo(HOURS_MINUTES);
            assertThat(findings).isEqualTo((welcomed - HOURS_MINUTES) / PLAIN_PRICE);
            assertThat(deployment.scheme().trialBalance()).isZero();
            Report.write(
                    "offline-plain-cards",
                    List.of(
                            "a card that only has a number, with "
                                    + HOURS_MINUTES
                                    + " minutes, at two doors cut off from everything: "
                                    + welcomed
                                    + " minutes welcomed, the limit of "
                                    + LIMIT_MINUTES
                                    + " at each; "
                                    + findings
                                    + " finding(s) say what was not there"));
        }
    }

    /// @param members people with cards that carry their taps; with none, one with a plain card
    private Deployment twoCutOffDoors(List<String> members) throws Exception {
        Deployment deployment = Deployment.start(folder, "pcsc", PASSBACK_SECONDS, _ -> {});
        int price = members.isEmpty() ? PLAIN_PRICE : PRICE;
        deployment.scheme().price(Place.POOL, price);
        deployment.scheme().price(Place.THEATRE, price);
        for (String member : members) {
            people.add(deployment.scheme().issue(member, member, "en", false));
        }
        if (members.isEmpty()) {
            people.add(deployment.scheme().issuePlain("plain", "Plain"));
        }
        for (Person person : people) {
            deployment.scheme().startWith(person, HOURS_MINUTES);
        }
        Waiting.pause(Duration.ofSeconds(2));
        deployment.box(Place.POOL).plug().pull();
        deployment.box(Place.THEATRE).plug().pull();
        Waiting.pause(Duration.ofSeconds(1));
        return deployment;
    }

    private static void reconnect(Deployment deployment) {
        deployment.box(Place.POOL).plug().plugIn();
        deployment.box(Place.THEATRE).plug().plugIn();
        assertThat(Books.settled(deployment)).isTrue();
    }
}
