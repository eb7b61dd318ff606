package org.hourtap.smartcardio;

import java.util.Locale;

/// How to connect: what `CardTerminal.connect` calls a protocol, in the numbers of pcsc-lite.
record ConnectMode(long share, long protocols) {
    static final long T0 = 1;
    static final long T1 = 2;

    private static final long EXCLUSIVE = 1;
    private static final long SHARED = 2;
    private static final long DIRECT = 3;
    private static final String EXCLUSIVE_PREFIX = "EXCLUSIVE;";

    /// @param text `*`, `T=0`, `T=1` or `DIRECT` (the reader without a card); the first three may
    ///   have `EXCLUSIVE;` before them, which keeps other programs from the card
    static ConnectMode of(String text) {
        var upper = text.toUpperCase(Locale.ROOT);
        if (upper.equals("DIRECT")) {
            return new ConnectMode(DIRECT, 0);
        }
        var exclusive = upper.startsWith(EXCLUSIVE_PREFIX);
        var protocol = exclusive ? upper.substring(EXCLUSIVE_PREFIX.length()) : upper;
        return new ConnectMode(
                exclusive ? EXCLUSIVE : SHARED,
                switch (protocol) {
                    case "*" -> T0 | T1;
                    case "T=0" -> T0;
                    case "T=1" -> T1;
                    default ->
                            throw new IllegalArgumentException(
                                    "unknown protocol '"
                                            + text
                                            + "': use *, T=0, T=1, DIRECT, or EXCLUSIVE;* and"
                                            + " the like");
                });
    }

    static String protocolName(long protocol) {
        if (protocol == T0) {
            return "T=0";
        }
        return protocol == T1 ? "T=1" : "DIRECT";
    }
}
