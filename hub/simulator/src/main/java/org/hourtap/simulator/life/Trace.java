package org.hourtap.simulator.life;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.function.Consumer;

/// The story of a life, a line for each thing that happens. The same seed tells the same story.
final class Trace {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("MM-dd HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

    private final Agenda agenda;
    private final Consumer<String> lines;
    private long digest = 1;

    Trace(Agenda agenda, Consumer<String> lines) {
        this.agenda = agenda;
        this.lines = lines;
    }

    void tell(String who, String what) {
        String line = time(agenda.now()) + "  " + who + ": " + what;
        for (int i = 0; i < line.length(); i++) {
            digest = digest * 31 + line.charAt(i);
        }
        lines.accept(line);
    }

    static String time(long micros) {
        return TIME.format(Instant.ofEpochSecond(0, micros * 1_000));
    }

    /// @return a number that tells two stories apart
    long digest() {
        return digest;
    }
}
