package org.hourtap.server.books;

import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.sql.SQLException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hourtap.contract.BookId;
import org.hourtap.server.certificates.HeadKey;

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

    /// The newest head of a book, signed now.
    ///
    /// @param nowMicros the hub's clock, microseconds since 1970
    /// @return empty as long as the book has no transfer
    public static Optional<SignedHead> newest(Sql sql, BookId book, HeadKey key, long nowMicros)
            throws SQLException {
        return sql.one(
                "SELECT sequence, hash FROM transfer WHERE book_id = ?"
                        + " ORDER BY sequence DESC LIMIT 1",
                row ->
                        sign(
                                book,
                                row.getLong(1),
                                HexFormat.of().formatHex(row.getBytes(2)),
                                nowMicros,
                                key),
                book.value());
    }

    /// A head of an earlier moment, signed now.
    ///
    /// @param number of a transfer, from 1
    /// @param hash that transfer's, 64 hexadecimal digits in lower case
    /// @param nowMicros the hub's clock, microseconds since 1970
    public static SignedHead sign(
            BookId book, long number, String hash, long nowMicros, HeadKey key) {
        Instant at = Instant.ofEpochSecond(nowMicros / 1_000_000);
        SignedHead open = new SignedHead(book, number, hash, at, "");
        return new SignedHead(
                book,
                number,
                hash,
                at,
                Base64.getUrlEncoder().withoutPadding().encodeToString(key.sign(open.signed())));
    }

    /// @throws IllegalArgumentException if that is no signed head
    public static SignedHead parse(String line) {
        Matcher parts = LINE.matcher(line);
        if (!parts.matches()) {
            throw new IllegalArgumentException("This is no signed head: " + line);
        }
        try {
            return new SignedHead(
                    new BookId(parts.group(1)),
                    Long.parseLong(parts.group(2)),
                    parts.group(3),
                    Instant.parse(parts.group(4)),
                    parts.group(5));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("There is no such time: " + line, e);
        }
    }

    /// @return whether the holder of the key signed this
    public boolean isSignedBy(PublicKey key) {
        return HeadKey.isSigned(key, signed(), Base64.getUrlDecoder().decode(signature));
    }

    /// @return as in a [ChainCheck.Verdict]
    public String head() {
        return book + "/" + number + "/" + hash;
    }

    /// @return the line, without its end
    public String line() {
        return said() + " " + signature;
    }

    private byte[] signed() {
        return said().getBytes(StandardCharsets.US_ASCII);
    }

    private String said() {
        return String.join(" ", VERSION, book.value(), Long.toString(number), hash, at.toString());
    }
}
