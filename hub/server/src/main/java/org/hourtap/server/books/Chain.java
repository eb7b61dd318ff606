package org.hourtap.server.books;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/// The hash chain of a book's journal: the hash of each row is SHA-256 over the hash before it and
/// the row's values, so that nobody can change a row and keep the hash of any later one.
///
/// The bytes of a value can be rebuilt from the row alone, by whatever program: a tag (0 nothing, 1
/// number, 2 text, 3 bytes), then a number as eight bytes, most significant first, or the length in
/// four bytes and the text in UTF-8 or the bytes themselves. Confined to one thread.
final class Chain {
    private static final String FIRST = "hourtap journal 1 ";
    private static final byte NOTHING = 0;
    private static final byte NUMBER = 1;
    private static final byte TEXT = 2;
    private static final byte OCTETS = 3;

    /// A row is a quarter of it.
    private static final int BUFFER_BYTES = 1_024;

    private final MessageDigest digest;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);

    Chain() {
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /// @return what stands for the hash before the first row of a book
    byte[] first(String book) {
        return digest.digest((FIRST + book).getBytes(StandardCharsets.UTF_8));
    }

    /// @param previous the hash of the row before
    /// @param values each a [Long], a [String], a `byte[]` or null, in the order of the columns
    /// @return the hash of the row
    byte[] next(byte[] previous, @Nullable Object... values) {
        // Nothing may be left of a row that was refused half-way.
        digest.reset();
        buffer.clear();
        digest.update(previous);
        for (Object value : values) {
            switch (value) {
                case null -> room(1).put(NOTHING);
                case Long number -> room(1 + Long.BYTES).put(NUMBER).putLong(number);
                case String text -> lengthy(TEXT, text.getBytes(StandardCharsets.UTF_8));
                case byte[] bytes -> lengthy(OCTETS, bytes);
                default -> throw new IllegalArgumentException("no column: " + value.getClass());
            }
        }
        room(BUFFER_BYTES);
        return digest.digest();
    }

    private void lengthy(byte tag, byte[] bytes) {
        room(1 + Integer.BYTES).put(tag).putInt(bytes.length);
        if (bytes.length > BUFFER_BYTES) {
            room(BUFFER_BYTES);
            digest.update(bytes);
        } else {
            room(bytes.length).put(bytes);
        }
    }

    private ByteBuffer room(int bytes) {
        if (buffer.remaining() < bytes) {
            digest.update(buffer.flip());
            buffer.clear();
        }
        return buffer;
    }
}
