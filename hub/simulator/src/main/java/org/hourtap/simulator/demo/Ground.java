package org.hourtap.simulator.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.hourtap.runtime.DataFolder;

/// What the programs of a deployment stand on: the folders that are their disks, and their
/// surroundings; by default as a machine that works. Whoever wants to shake it gives another.
public interface Ground {
    /// A machine that works.
    Ground FIRM = new Ground() {};

    /// Makes the folder in which a program keeps everything.
    default void make(Path folder) throws IOException {
        DataFolder.make(folder);
    }

    /// @param program the name of its folder
    /// @return environment variables it is given
    default Map<String, String> environment(String program) {
        return Map.of();
    }

    /// @return how long a program may take to stop: one writes a checkpoint and says goodbye to the
    ///   broker
    default Duration stopMax() {
        return Duration.ofSeconds(15);
    }
}
