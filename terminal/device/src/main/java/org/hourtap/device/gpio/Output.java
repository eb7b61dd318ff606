package org.hourtap.device.gpio;

/// What can be switched beside the reader. The lamps stand apart, left to right, and carry a shape
/// each (tick, person, clock): their place says what their colour does not say to everyone.
public enum Output {
    OK_LAMP,
    ASK_LAMP,
    WAIT_LAMP,
    BUZZER
}
