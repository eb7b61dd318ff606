package org.hourtap.card.testing;

/// The card ends a command with a status other than done. [Status#MORE] asks for the next frame;
/// every other one costs the session.
final class Refusal extends Exception {
    private static final long serialVersionUID = 1;

    final Status status;

    Refusal(Status status) {
        super(status.name(), null, false, false);
        this.status = status;
    }
}
