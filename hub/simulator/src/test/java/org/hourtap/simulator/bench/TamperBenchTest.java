package org.hourtap.simulator.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The short version of `deploy/bench tamper`.
@Timeout(120)
class TamperBenchTest {
    @TempDir Path folder;

    @Test
    void noChangedByteIsOverlookedAndMostNameTheTransfer() throws Exception {
        List<Figure> figures = new TamperBench(3_000, 60, 3, _ -> {}).run(folder);
        assertThat(figures).allMatch(Figure::holds);
        assertThat(figures.getLast().name()).isEqualTo("overlooked");
        assertThat(figures).anyMatch(f -> f.name().contains("the transfer") && f.value() > 10);
    }
}
