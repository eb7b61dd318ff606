package org.hourtap.device.gpio;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.hourtap.tap.Cue;

/// The table from a cue to pulses. Lamps flash at most twice a second, because more can set off a
/// seizure; sounds differ in number and length, because a plain buzzer has one pitch.
///
/// @param once pulses that come a single time
/// @param loop pulses that come again every `loopMillis`, until another cue
/// @param loopMillis 0 when there is no loop
record Pattern(List<Pulse> once, List<Pulse> loop, long loopMillis) {
    /// As long as a person needs to look up from the card.
    private static final long SHOWN_MILLIS = 4_000;

    /// A declined person has turned to ask by then.
    private static final long ASK_SHOWN_MILLIS = 8_000;

    /// Twice a second, half of it dark.
    private static final long FLASH_MILLIS = 500;

    private static final long FLASHES = 6;

    private static final long SHORT_BEEP_MILLIS = 80;
    private static final long LONG_BEEP_MILLIS = 300;
    private static final long BEEP_GAP_MILLIS = 120;

    /// Seldom enough not to be mistaken for an answer, often enough to show that there is power.
    private static final long READY_LOOP_MILLIS = 4_000;

    private static final long READY_BLINK_MILLIS = 100;
    private static final long FAULT_LOOP_MILLIS = 2_000;

    Pattern {
        once = List.copyOf(once);
        loop = List.copyOf(loop);
        if (loop.isEmpty() != (loopMillis == 0)) {
            throw new IllegalArgumentException("a loop, and only a loop, has a length");
        }
        if (loop.stream().anyMatch(pulse -> pulse.untilMillis() > loopMillis)) {
            throw new IllegalArgumentException("a pulse of the loop is longer than the loop");
        }
    }

    /// @return what this cue does. Welcomes of all kinds look the same; shifts sound their own way
    static Pattern of(Cue.Kind kind) {
        return switch (kind) {
            case READY -> blink(Output.WAIT_LAMP, READY_BLINK_MILLIS, READY_LOOP_MILLIS);
            case WELCOME -> steady(Output.OK_LAMP, SHORT_BEEP_MILLIS, SHORT_BEEP_MILLIS);
            case SHIFT_STARTED ->
                    steady(Output.OK_LAMP, SHORT_BEEP_MILLIS, SHORT_BEEP_MILLIS, LONG_BEEP_MILLIS);
            case SHIFT_ENDED ->
                    steady(Output.OK_LAMP, LONG_BEEP_MILLIS, SHORT_BEEP_MILLIS, SHORT_BEEP_MILLIS);
            case PLEASE_ASK -> pleaseAsk();
            case HOLD_AGAIN -> steady(Output.WAIT_LAMP, LONG_BEEP_MILLIS);
            case OUT_OF_SERVICE ->
                    new Pattern(
                            beeps(2 * LONG_BEEP_MILLIS, 2 * LONG_BEEP_MILLIS),
                            List.of(new Pulse(Output.ASK_LAMP, 0, FAULT_LOOP_MILLIS / 2)),
                            FAULT_LOOP_MILLIS);
        };
    }

    /// @return what is on, so long after the cue
    Set<Output> onAt(long millis) {
        EnumSet<Output> on = EnumSet.noneOf(Output.class);
        once.stream().filter(pulse -> pulse.isOnAt(millis)).forEach(p -> on.add(p.output()));
        if (loopMillis > 0) {
            long within = millis % loopMillis;
            loop.stream().filter(pulse -> pulse.isOnAt(within)).forEach(p -> on.add(p.output()));
        }
        return on;
    }

    /// @return whether nothing more happens after this; never, with a loop
    boolean isOverAt(long millis) {
        return loopMillis == 0 && once.stream().allMatch(pulse -> pulse.untilMillis() <= millis);
    }

    private static Pattern blink(Output lamp, long onMillis, long loopMillis) {
        return new Pattern(List.of(), List.of(new Pulse(lamp, 0, onMillis)), loopMillis);
    }

    private static Pattern steady(Output lamp, long... beeps) {
        Pulse light = new Pulse(lamp, 0, SHOWN_MILLIS);
        return new Pattern(
                Stream.concat(Stream.of(light), beeps(beeps).stream()).toList(), List.of(), 0);
    }

    /// Flashes to be noticed, then stays lit while the person asks.
    private static Pattern pleaseAsk() {
        List<Pulse> pulses = new ArrayList<>(beeps(200, 200, 200));
        for (int flash = 0; flash < FLASHES; flash++) {
            long from = flash * FLASH_MILLIS;
            pulses.add(new Pulse(Output.ASK_LAMP, from, from + FLASH_MILLIS / 2));
        }
        pulses.add(new Pulse(Output.ASK_LAMP, FLASHES * FLASH_MILLIS, ASK_SHOWN_MILLIS));
        return new Pattern(pulses, List.of(), 0);
    }

    private static List<Pulse> beeps(long... lengths) {
        List<Pulse> beeps = new ArrayList<>();
        long from = 0;
        for (long length : lengths) {
            beeps.add(new Pulse(Output.BUZZER, from, from + length));
            from += length + BEEP_GAP_MILLIS;
        }
        return beeps;
    }
}
