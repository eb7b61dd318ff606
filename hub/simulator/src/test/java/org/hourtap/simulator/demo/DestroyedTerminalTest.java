package org.hourtap.simulator.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.hourtap.simulator.demo.ScreenWatch.Shown;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A terminal that welcomed people offline and is then no more: the cards bring its taps home.
@Timeout(300)
class DestroyedTerminalTest {
    private static final int CARDS = 10;
    private static final int PRICE = 30;

    @TempDir private Path folder;

    @Test
    void whatADestroyedTerminalWelcomedReachesTheLedgerByTheCardsAndOnceForEver() throws Exception {
        try (Deployment deployment = Deployment.start(folder, "in-process", 2, _ -> {})) {
            deployment.scheme().price(Place.POOL, PRICE);
            deployment.scheme().price(Place.THEATRE, PRICE);
            List<Person> people = new ArrayList<>();
            for (int i = 0; i < CARDS; i++) {
                Person person = deployment.scheme().issue("m" + i, "Member " + i, "en", false);
                deployment.scheme().startWith(person, 300);
                people.add(person);
            }
            Waiting.pause(Duration.ofSeconds(2));
            Box pool = deployment.box(Place.POOL);
            pool.plug().pull();
            for (Person person : people) {
                assertThat(pool.tap(person).map(Shown::state)).contains("WELCOME");
            }
            pool.program().kill();
            Path home = folder.resolve(Place.POOL.terminal());
            Path backup = folder.resolve("backup");
            copy(home, backup);
            destroy(home);

            Box theatre = deployment.box(Place.THEATRE);
            for (Person person : people) {
                assertThat(theatre.tap(person).map(Shown::state)).contains("WELCOME");
            }
            assertThat(Waiting.until(Duration.ofSeconds(30), () -> poolSpends(deployment) == CARDS))
                    .as("the cards brought all %d", CARDS)
                    .isTrue();
            assertBooks(deployment, people);

            copy(backup, home);
            pool.plug().plugIn();
            pool.start();
            assertThat(Books.settled(deployment)).isTrue();
            assertBooks(deployment, people);
        }
    }

    private static void assertBooks(Deployment deployment, List<Person> people) throws Exception {
        for (Person person : people) {
            assertThat(Books.spends(deployment, person, Place.POOL)).isEqualTo(1);
            assertThat(Books.spends(deployment, person, Place.THEATRE)).isEqualTo(1);
            assertThat(Books.charged(deployment, person)).isEqualTo(2 * PRICE);
        }
        assertThat(deployment.scheme().trialBalance()).isZero();
        assertThat(deployment.scheme().findings()).isEmpty();
    }

    private static long poolSpends(Deployment deployment) {
        try {
            return deployment.scheme().journal().stream()
                    .filter(line -> line.path("credit").asText().endsWith(Place.POOL.venueId()))
                    .count();
        } catch (IOException e) {
            return -1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return -1;
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    private static void destroy(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
