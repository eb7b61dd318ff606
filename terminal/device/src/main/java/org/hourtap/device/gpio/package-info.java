/// Lamps and buzzer beside the reader, for terminals that have them. What a cue does to them is a
/// table of pulses that can be read and tested without a pin; one class knows the library that
/// moves the pins. A lamp that fails is logged and left alone: it must not undo a journalled tap.
@NullMarked
package org.hourtap.device.gpio;

import org.jspecify.annotations.NullMarked;
