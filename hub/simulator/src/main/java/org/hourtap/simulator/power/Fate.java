package org.hourtap.simulator.power;

/// What happened to a machine.
public enum Fate {
    /// The process died and the kernel lives: everything it wrote is there.
    KILLED,

    /// The power failed: what was not synced may be there or not.
    POWER
}
