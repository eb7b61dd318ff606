package org.hourtap.simulator.life;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.hourtap.contract.CardId;
import org.hourtap.contract.TapEvent;
import org.hourtap.contract.TerminalId;
import org.hourtap.contract.TransferId;
import org.jspecify.annotations.Nullable;

/// What really happened: which taps were written down where, and what people were told. Nobody in
/// the world knows all of it.
final class Truth {
    private final Map<TransferId, Tap> taps = new LinkedHashMap<>();
    private final Map<TerminalId, List<Tap>> byTerminal = new LinkedHashMap<>();
    private final List<Tap> written = new ArrayList<>();
    private final Agenda agenda;

    Truth(Agenda agenda) {
        this.agenda = agenda;
    }

    /// A tap and what became of it.
    static final class Tap {
        final SimTerminal machine;
        final TerminalId terminal;

        /// As it was written last.
        TapEvent event;

        /// As it was promised to be on disk last; absent while no write of it returned.
        @Nullable TapEvent kept;

        boolean isDoubt;

        /// The last write of it returned.
        boolean isCertain;

        /// Someone was told "welcome" on it.
        boolean isGreen;

        /// The machine stopped before anyone could be told.
        boolean isCutShort;

        /// The disk it was on is older now, and knows nothing of it, or not the last.
        boolean isLost;

        /// Minutes it was to cost when it was made, even if it turned out torn.
        final long asked;

        /// When it was made, true time.
        final long micros;

        /// When someone was told first, true time.
        long greenMicros;

        Tap(SimTerminal machine, TapEvent event, long micros) {
            this.machine = machine;
            this.terminal = machine.id();
            this.event = event;
            this.micros = micros;
            this.asked = event.minutes().minutes();
        }

        /// @return whether it is on disk as a tap that was welcomed
        boolean isWelcomed() {
            TapEvent is = kept;
            return is != null && !isDoubt && isWelcome(is.kind());
        }

        /// Whether it is there as welcomed, or was being written so when the machine stopped.
        boolean mayBeWelcomed() {
            return isWelcomed() || (!isCertain && isWelcome(event.kind()));
        }

        /// @return whether it is on disk as one that let nobody in
        boolean isRefused() {
            TapEvent is = kept;
            return is != null && !isDoubt && !isWelcome(is.kind());
        }

        /// @return whether no terminal in service can say anything of it any more
        boolean isGone() {
            return isLost || machine.isOut();
        }

        static boolean isWelcome(TapEvent.Kind kind) {
            return switch (kind) {
                case SPEND, SHIFT_IN, SHIFT_OUT -> true;
                case DECLINED, TORN -> false;
            };
        }
    }

    void written(SimTerminal terminal, TapEvent event, boolean isDoubt, boolean isDone) {
        Tap tap = taps.get(event.id());
        if (tap == null) {
            tap = new Tap(terminal, event, agenda.now());
            taps.put(event.id(), tap);
            byTerminal.computeIfAbsent(terminal.id(), _ -> new ArrayList<>()).add(tap);
        }
        tap.event = event;
        tap.isCertain = isDone;
        if (isDone) {
            tap.kept = event;
            tap.isDoubt = isDoubt;
        }
        written.add(tap);
    }

    /// @return what was written since this was last asked
    List<Tap> news() {
        List<Tap> news = List.copyOf(written);
        written.clear();
        return news;
    }

    void green(Tap tap) {
        if (!tap.isGreen) {
            tap.isGreen = true;
            tap.greenMicros = agenda.now();
        }
    }

    @Nullable Tap tap(TransferId id) {
        return taps.get(id.withLeg(0));
    }

    Collection<Tap> all() {
        return taps.values();
    }

    /// @return taps that a copy of this machine's disk, made now, would hold with their last word
    Set<TransferId> held(SimTerminal machine) {
        Set<TransferId> held = new HashSet<>();
        for (Tap tap : of(machine.id())) {
            if (tap.machine == machine && tap.kept != null && !tap.isDoubt && !tap.isLost) {
                held.add(tap.event.id());
            }
        }
        return held;
    }

    /// A machine's disk is an older one now.
    ///
    /// @param held what that holds
    void wentBack(SimTerminal machine, Set<TransferId> held) {
        for (Tap tap : of(machine.id())) {
            if (tap.machine == machine && !held.contains(tap.event.id())) {
                tap.isLost = true;
            }
        }
    }

    List<Tap> of(TerminalId terminal) {
        return byTerminal.getOrDefault(terminal, List.of());
    }

    /// @return taps of the terminal of this name; none if it is none
    List<Tap> named(String terminal) {
        return terminal.startsWith("#") ? List.of() : of(new TerminalId(terminal));
    }

    /// @return the newest tap of this card at this terminal that is, or may be, on disk as welcomed
    Optional<Tap> lastWelcome(TerminalId terminal, CardId card) {
        return of(terminal).reversed().stream()
                .filter(tap -> tap.event.card().equals(card))
                .filter(Tap::mayBeWelcomed)
                .findFirst();
    }
}
