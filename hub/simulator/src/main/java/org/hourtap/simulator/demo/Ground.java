package org.hourtap.simulator.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.hourtap.runtime.DataFolder;

/// What the programs of a deployment stand on: the folders that are their disks, and their
/// surroundings. Whoever wants to shake it gives another.
public interface Ground {
    /// As a machine that works.
    Ground FIRM =
            new Ground() {
                @Override
                public void make(Path folder) throws IOException {
                    DataFolder.make(folder);
                }

                @Override
                public Map<String, String> environment(String program) {
                    return Map.of();
                }
            };

    /// Makes the folder in which a program keeps everything.
    void make(Path folder) throws IOException;

    /// @param program the name of its folder
    /// @return environment variables it is given
    Map<String, String> environment(String program);
}
