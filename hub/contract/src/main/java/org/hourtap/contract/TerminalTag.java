package org.hourtap.contract;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// A terminal's name in the four bytes that a card record has for it: the first of a SHA-256 over
/// book and terminal, so that nobody has to hand numbers out. The hub refuses a new terminal whose
/// tag another one of the book has.
public final class TerminalTag {
    private TerminalTag() {}

    public static int of(BookId book, TerminalId terminal) {
        try {
            byte[] name = (book + "/" + terminal).getBytes(StandardCharsets.UTF_8);
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(name)).getInt();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
