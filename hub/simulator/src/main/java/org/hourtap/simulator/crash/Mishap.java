package org.hourtap.simulator.crash;

/// What goes wrong.
enum Mishap {
    TERMINAL_KILLED("terminal killed", 4),
    HUB_KILLED("hub killed", 2),
    PCSCD_KILLED("pcscd killed", 1),
    TERMINAL_FROZEN("terminal frozen", 2),
    HUB_FROZEN("hub frozen", 1),
    PCSCD_FROZEN("pcscd frozen", 1),
    CABLE_PULLED("cable pulled", 2),
    CABLE_CUT_IN_A_MESSAGE("cable cut within a message", 3),
    LINE_SLOW("line slow", 2),
    LINE_SILENT("line silent", 2),
    TERMINAL_DISK_FULL("disk of a terminal full", 2),
    HUB_DISK_FULL("disk of the hub full", 1),
    TERMINAL_CLOCK_JUMPS("clock of a terminal jumps", 1),
    HUB_CLOCK_JUMPS("clock of the hub jumps", 1),
    TERMINAL_STARTED_BY_A_WRONG_CLOCK("terminal killed and started by a wrong clock", 1),
    TERMINAL_KILLED_ON_A_FULL_DISK("terminal killed while its disk is full", 1),
    HUB_KILLED_ON_A_FULL_DISK("hub killed while its disk is full", 1);

    private final String words;
    private final int weight;

    Mishap(String words, int weight) {
        this.words = words;
        this.weight = weight;
    }

    /// @return how the table calls it
    String words() {
        return words;
    }

    /// @return how many cards it has in the deck from which mishaps are drawn
    int weight() {
        return weight;
    }

    boolean needsPcscd() {
        return this == PCSCD_KILLED || this == PCSCD_FROZEN;
    }

    boolean needsDisks() {
        return words.contains("disk");
    }

    boolean needsClocks() {
        return words.contains("clock");
    }

    boolean isOfTheHub() {
        return words.contains("hub");
    }

    /// @return whether it is about the line between a terminal and the hub
    boolean isOfTheLine() {
        return words.startsWith("cable") || words.startsWith("line");
    }
}
