package org.hourtap.card.testing;

/// How a file travels, as its settings have it.
enum Comm {
    PLAIN(0),
    MAC(1),
    FULL(3);

    final int code;

    Comm(int code) {
        this.code = code;
    }

    static Comm of(int code) throws Refusal {
        return switch (code) {
            case 0 -> PLAIN;
            case 1 -> MAC;
            case 3 -> FULL;
            default -> throw new Refusal(Status.PARAMETER);
        };
    }
}
