package org.hourtap.contract;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a hub says of a book at some moment, in one line of text that anyone can keep and check
/// with the hub's public key (docs/PROTOCOL.md): up to this transfer, this is the journal.
///
/// @param number of the newest transfer
/// @param hash of that transfer, 64 hexadecimal digits in lower case
/// @param at by the hub's clock, whole seconds
/// @param signature base64 for URLs, of all before it in the line
public record SignedHead(BookId book, long number, String hash, Instant at, String signature) {
    private static final String VERSION = "hourtap-head-1";
    private static final Pattern LINE =
            Pattern.compile(
                    VERSION
                            + " ([A-Za-z0-9_-]{1,32}) ([1-9][0-9]{0,17}) ([0-9a-f]{64})"
                            + " ([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)"
                            + " ([A-Za-z0-9_-]{86})");

    /// The longest line has 239. What is longer need not be looked at, or repeated to anyone.
    private static final int LENGTH_MAX = 239;

    /// @throws IllegalArgumentException if that is no signed head
    public static SignedHead parse(String line) {
        if (line.length() > LENGTH_MAX) {
            throw new IllegalArgumentException(
                    "This is no signed head, it is too long: "
                            + line.substring(0, LENGTH_MAX)
                            + "…");
        }
        Matcher parts = LINE.matcher(line);
        if (!parts.matches()) {
            throw new IllegalArgumentException("This is no signed head: " + line);
        }
        return new SignedHead(
                new BookId(parts.group(1)),
                Long.parseLong(parts.group(2)),
                parts.group(3),
                time(parts.group(4)),
                parts.group(5));
    }

    /// Java also reads the 24th hour and the 60th second, as another time than what was signed.
    private static Instant time(String text) {
        try {
            Instant at = Instant.parse(text);
            if (at.toString().equals(text)) {
                return at;
            }
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("There is no such time: " + text, e);
        }
        throw new IllegalArgumentException("There is no such time: " + text);
    }

    /// @return as an audit writes it
    public String head() {
        return book + "/" + number + "/" + hash;
    }

    /// @return what is signed, all ASCII
    public String said() {
        return String.join(" ", VERSION, book.value(), Long.toString(number), hash, at.toString());
    }

    /// @return the line, without its end
    public String line() {
        return said() + " " + signature;
    }
}
