package org.hourtap.tap;

import java.util.List;

/// Something that goes wrong once, before or after one step.
final class Mishap extends Steps {
    /// What a card is asked, in order.
    static final List<String> CARD_STEPS = List.of("counter", "newest", "append", "commit");

    /// Everything a tap does, in order.
    static final List<String> ALL_STEPS =
            List.of("counter", "newest", "doubt", "append", "commit", "settle", "record", "show");

    private final How how;
    private final String step;
    private final boolean isAfter;
    private boolean happened;

    /// What goes wrong.
    enum How {
        /// The card leaves the field.
        PULLED,
        /// The program dies.
        KILLED,
        /// A bit is flipped in what the card says.
        GARBLED
    }

    /// Thrown through a card's answer.
    static final class CardTrouble extends RuntimeException {
        private static final long serialVersionUID = 1L;
        final How how;

        CardTrouble(How how, String where) {
            super(how + " " + where);
            this.how = how;
        }
    }

    Mishap(How how, String step, boolean isAfter) {
        this.how = how;
        this.step = step;
        this.isAfter = isAfter;
    }

    /// Whether the program dies between the welcome on disk and the light.
    boolean isInTheDark() {
        boolean isBetween = isAfter ? step.equals("settle") : step.equals("show");
        return how == How.KILLED && isBetween;
    }

    boolean happened() {
        return happened;
    }

    @Override
    void before(String now) {
        strike(now, false);
    }

    @Override
    void after(String now) {
        strike(now, true);
    }

    private void strike(String now, boolean after) {
        if (happened || after != isAfter || !now.equals(step)) {
            return;
        }
        happened = true;
        if (how == How.KILLED) {
            throw new Killed(toString());
        }
        throw new CardTrouble(how, toString());
    }

    @Override
    public String toString() {
        return how + (isAfter ? " after " : " before ") + step;
    }
}
