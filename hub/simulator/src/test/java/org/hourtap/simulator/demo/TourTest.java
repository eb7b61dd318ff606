package org.hourtap.simulator.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.hourtap.runtime.SystemTime;
import org.hourtap.smartcardio.testing.PcscDaemon;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The story of the demonstration, on the programs of production.
@Timeout(300)
class TourTest {
    @TempDir private Path folder;

    @Test
    void theTourEndsWithBooksThatBalanceThroughARealPcscd() throws Exception {
        assertThat(play("pcsc")).isEmpty();
    }

    @Test
    void theTourEndsWithBooksThatBalanceThroughTheReaderInside() throws Exception {
        assertThat(play("in-process")).isEmpty();
    }

    @Test
    void theNextTapWorksWithinFiveSecondsAfterPcscdWasKilledUnderARunningTerminal()
            throws Exception {
        try (Deployment deployment =
                Deployment.start(folder.resolve("killed"), "pcsc", 1, _ -> {})) {
            Person mair = deployment.scheme().issue("mair", "Mair", "cy", false);
            Waiting.pause(Duration.ofSeconds(2));
            Box club = deployment.box(Place.LUNCH_CLUB);
            assertThat(club.tap(mair).map(ScreenWatch.Shown::state)).contains("SHIFT_STARTED");
            PcscDaemon pcscd = deployment.readers().daemon().orElseThrow();
            pcscd.kill();
            Waiting.pause(Duration.ofSeconds(4));
            assertThat(club.watch().now().map(ScreenWatch.Shown::state)).contains("OUT_OF_SERVICE");
            pcscd.start();
            long back = SystemTime.bootMicros();
            assertThat(club.tap(mair).map(ScreenWatch.Shown::state)).contains("SHIFT_ENDED");
            assertThat(SystemTime.bootMicros() - back).isLessThan(5_000_000);
        }
    }

    private List<String> play(String reader) throws Exception {
        List<String> lines = new ArrayList<>();
        try (Deployment deployment =
                Deployment.start(
                        folder.resolve(reader), reader, Tour.PASSBACK_SECONDS, lines::add)) {
            List<String> wrong = new Tour(deployment, lines::add).play();
            assertThat(lines).anyMatch(line -> line.contains("sum of all accounts 0"));
            for (Place place : Place.DEMONSTRATION) {
                assertThat(lines)
                        .anyMatch(line ->
                                line.contains(place.venue())
                                        && line.matches(".*welcomed (\\d), in the ledger \\1"));
            }
            return wrong;
        }
    }
}
