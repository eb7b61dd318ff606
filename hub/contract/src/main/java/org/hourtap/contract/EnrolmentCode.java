package org.hourtap.contract;

import java.util.Locale;

/// What the hub prints once so that one terminal may join: 100 random bits, as 20 characters of
/// Crockford's base32, which has no letters that look like digits. It never crosses the wire; both
/// ends only prove to each other that they know it, so enrolment needs no encryption, and so many
/// bits that nobody can find it from a recorded proof.
///
/// @param value the 20 characters, upper case, without dashes
public record EnrolmentCode(String value) {
    /// What [#mint] needs.
    public static final int RANDOM_BYTES = 13;

    private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int LENGTH = 20;
    private static final int GROUP = 4;
    private static final int BITS = 5;

    /// Generous for any spacing a person may use, short enough to refuse a pasted page at once.
    private static final int TYPED_LENGTH_MAX = 100;

    public EnrolmentCode {
        if (value.length() != LENGTH || !value.chars().allMatch(c -> ALPHABET.indexOf(c) >= 0)) {
            throw new IllegalArgumentException("an enrolment code is 20 characters of base32");
        }
    }

    /// @param random at least [#RANDOM_BYTES] unpredictable bytes
    public static EnrolmentCode mint(byte[] random) {
        if (random.length < RANDOM_BYTES) {
            throw new IllegalArgumentException("an enrolment code needs 13 random bytes");
        }
        StringBuilder code = new StringBuilder(LENGTH);
        for (int bit = 0; bit < LENGTH * BITS; bit += BITS) {
            int first = Byte.toUnsignedInt(random[bit / 8]);
            int second = Byte.toUnsignedInt(random[Math.min(bit / 8 + 1, RANDOM_BYTES - 1)]);
            int window = first << 8 | second;
            code.append(ALPHABET.charAt(window >>> (16 - BITS - bit % 8) & 31));
        }
        return new EnrolmentCode(code.toString());
    }

    /// Reads a code as people type it: any case, with or without dashes and spaces, `O` for `0`,
    /// `I` or `L` for `1`.
    ///
    /// @throws IllegalArgumentException with a sentence for the person who typed it
    public static EnrolmentCode parse(String typed) {
        if (typed.length() > TYPED_LENGTH_MAX) {
            throw new IllegalArgumentException(
                    "An enrolment code has 20 letters and digits; this is far longer.");
        }
        String code =
                typed.replaceAll("[\\s-]", "")
                        .toUpperCase(Locale.ROOT)
                        .replace('O', '0')
                        .replace('I', '1')
                        .replace('L', '1');
        for (int i = 0; i < code.length(); i++) {
            if (ALPHABET.indexOf(code.charAt(i)) < 0) {
                throw new IllegalArgumentException(
                        "Character "
                                + (i + 1)
                                + " of the enrolment code (dashes not counted) cannot be right: a code has only digits"
                                + " and the letters A to Z without U. Compare it with what the hub"
                                + " printed.");
            }
        }
        if (code.length() != LENGTH) {
            throw new IllegalArgumentException(
                    "An enrolment code has 20 letters and digits, this one has "
                            + code.length()
                            + ". Compare it with what the hub printed.");
        }
        return new EnrolmentCode(code);
    }

    /// @return the code as it is printed, `XXXX-XXXX-XXXX-XXXX-XXXX`
    public String shown() {
        StringBuilder shown = new StringBuilder(value);
        for (int i = LENGTH - GROUP; i > 0; i -= GROUP) {
            shown.insert(i, '-');
        }
        return shown.toString();
    }

    /// Hides the code, because texts end up in logs.
    @Override
    public String toString() {
        return "EnrolmentCode(hidden)";
    }
}
