package org.hourtap.tap;

/// The steps of a tap that something can happen at: each exchange with the card, each write, and
/// the light. Told to, it pulls the card or kills the program before or after one of them.
class Steps {
    /// The program died here, as under kill -9: nothing after this line ran.
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;

        Killed(String where) {
            super("killed " + where);
        }
    }

    /// Something is about to happen.
    void before(String step) {}

    /// It happened, and whoever waits for it has not heard of it.
    void after(String step) {}
}
