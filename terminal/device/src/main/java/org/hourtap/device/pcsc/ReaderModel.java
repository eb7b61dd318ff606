package org.hourtap.device.pcsc;

import java.util.Locale;

/// Readers whose own light and beeper we know how to speak to. PC/SC tells them apart by name only.
enum ReaderModel {
    ACR122U("ACR122"),
    ACR1252U("ACR1252"),

    /// Cards work at it as at any other; it is never sent a command that it might take for
    /// something else.
    OTHER("");

    private final String part;

    ReaderModel(String part) {
        this.part = part;
    }

    /// @param name as PC/SC lists it, such as `ACS ACR1252 Dual Reader [ACR1252 … PICC] 00 00`
    static ReaderModel of(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        if (upper.contains(ACR1252U.part)) {
            return ACR1252U;
        }
        return upper.contains(ACR122U.part) ? ACR122U : OTHER;
    }
}
