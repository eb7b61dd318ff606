package org.hourtap.tap;

/// Port: light, sound and screen.
public interface Signals {
    /// Shows a cue and returns at once. Never throws: a broken lamp must not undo a journalled tap.
    void show(Cue cue);
}
