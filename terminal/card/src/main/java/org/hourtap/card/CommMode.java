package org.hourtap.card;

/// How one command travels inside a session.
public enum CommMode {
    PLAIN,
    MAC,
    FULL
}
