package org.hourtap.card;

import java.util.Comparator;

/// Which master key: its number and its version, written `1.0`.
///
/// @param number 0 to 4 for the keys that a card authenticates with, 15 for its transaction MAC
/// @param version 0 to 255, as the card itself keeps it
public record KeyName(int number, int version) implements Comparable<KeyName> {
    public static final int VERSION_MAX = 0xFF;

    private static final Comparator<KeyName> ORDER =
            Comparator.comparingInt(KeyName::number).thenComparingInt(KeyName::version);

    public KeyName {
        boolean known =
                (number >= 0 && number < CardLayout.KEY_COUNT) || number == CardLayout.TMAC_KEY;
        if (!known) {
            throw new IllegalArgumentException(
                    "key numbers are 0 to %d and %d, not %d"
                            .formatted(CardLayout.KEY_COUNT - 1, CardLayout.TMAC_KEY, number));
        }
        if (version < 0 || version > VERSION_MAX) {
            throw new IllegalArgumentException(
                    "key versions are 0 to " + VERSION_MAX + ", not " + version);
        }
    }

    @Override
    public int compareTo(KeyName other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return number + "." + version;
    }
}
