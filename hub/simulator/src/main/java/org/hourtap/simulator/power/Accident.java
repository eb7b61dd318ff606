package org.hourtap.simulator.power;

import java.util.List;
import java.util.stream.Collectors;

/// What an accident did to a disk, for a trace that people read.
///
/// @param losses one for each file that had something to lose, by name
public record Accident(Fate fate, List<Loss> losses) {
    /// What became of one file's changes since its last sync.
    ///
    /// @param fileName within the disk's folder
    /// @param kept how many of the changes are on the disk
    /// @param changes how many there were
    /// @param isTorn whether the last of those that are kept is so only in part
    /// @param isGone whether the file's name had not reached the disk either
    public record Loss(String fileName, int kept, int changes, boolean isTorn, boolean isGone) {
        @Override
        public String toString() {
            return fileName
                    + (isGone ? " gone" : " kept " + kept + " of " + changes)
                    + (isTorn ? ", torn" : "");
        }
    }

    public Accident {
        losses = List.copyOf(losses);
    }

    @Override
    public String toString() {
        return losses.stream()
                .map(Loss::toString)
                .collect(Collectors.joining("; ", fate + "(", ")"));
    }
}
