package org.hourtap.contract;

/// What every identifier that travels in a topic must look like. Wildcards, dots and slashes are
/// refused, because an id that contains one would widen an access rule at the broker.
final class Identifier {
    /// Long enough for a readable name, short enough for a topic and a card record.
    private static final int LENGTH_MAX = 32;

    private Identifier() {}

    static void require(String what, String value) {
        if (!isValid(value)) {
            throw new IllegalArgumentException(
                    what + " id must be 1 to 32 of A-Z a-z 0-9 _ - but is '" + shown(value) + "'");
        }
    }

    static boolean isValid(String value) {
        return !value.isEmpty()
                && value.length() <= LENGTH_MAX
                && value.chars().allMatch(Identifier::isAllowed);
    }

    private static boolean isAllowed(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '_'
                || c == '-';
    }

    private static String shown(String value) {
        String cut = value.length() > LENGTH_MAX ? value.substring(0, LENGTH_MAX) + "…" : value;
        return cut.replaceAll("\\p{Cntrl}", "?");
    }
}
