package org.hourtap.simulator.failover;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.hourtap.simulator.postgresql.PostgresPrograms;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The short version of `deploy/failover`.
@Timeout(240)
class FailoverTest {
    @TempDir Path folder;

    private Failover.Result drill(boolean isSynchronous, List<String> steps) throws Exception {
        PostgresPrograms programs = PostgresPrograms.find().orElseThrow();
        return new Failover(programs, folder, isSynchronous, steps::add).run(Duration.ofSeconds(1));
    }

    @Test
    void nothingAcknowledgedIsMissingAfterASynchronousStandbyWasPromoted() throws Exception {
        List<String> steps = new ArrayList<>();
        Failover.Result result = drill(true, steps);
        assertThat(result.holds()).as(result.toString()).isTrue();
        assertThat(steps).noneMatch(step -> step.contains("PASSWORD"));
        assertThat(steps).anyMatch(step -> step.startsWith("kill -9"));
    }

    @Test
    void withoutOneTheDrillSeesWhatIsMissing() throws Exception {
        assertThat(drill(false, new ArrayList<>()).lost()).isPositive();
    }
}
