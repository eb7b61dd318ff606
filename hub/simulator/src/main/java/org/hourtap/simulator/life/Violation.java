package org.hourtap.simulator.life;

/// A rule was broken: this life ends here.
final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Rule rule;

    Violation(Rule rule, String what) {
        super(rule + ": " + what);
        this.rule = rule;
    }

    Violation(Rule rule, String what, Throwable cause) {
        super(rule + ": " + what, cause);
        this.rule = rule;
    }

    Rule rule() {
        return rule;
    }
}
