package org.hourtap.device.gpio;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Which pins the lamps and the buzzer are at, by Broadcom number. Leaving one out is fine.
public record GpioPins(Map<Output, Integer> pins) {
    /// No lamps: the screen draws them.
    public static final GpioPins NONE = new GpioPins(Map.of());

    /// As `firmware-config/` wires them, without a buzzer: small ones sing above 2 kHz, where older
    /// people hear least.
    public static final GpioPins USUAL =
            new GpioPins(Map.of(Output.OK_LAMP, 17, Output.ASK_LAMP, 27, Output.WAIT_LAMP, 22));

    /// The header's last GPIO on every board since 2014; 0 and 1 belong to the board's own EEPROM.
    private static final int PIN_MAX = 27;

    private static final int PIN_MIN = 2;

    public GpioPins {
        EnumMap<Output, Integer> checked = new EnumMap<>(Output.class);
        Set<Integer> used = new HashSet<>();
        pins.forEach((output, pin) -> {
            if (pin < PIN_MIN || pin > PIN_MAX) {
                throw new IllegalArgumentException(
                        output + " must be at a pin from 2 to 27, not " + pin);
            }
            if (!used.add(pin)) {
                throw new IllegalArgumentException(
                        "two outputs are at pin " + pin + "; give each its own");
            }
            checked.put(output, pin);
        });
        pins = Map.copyOf(checked);
    }
}
