package org.hourtap.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.hourtap.card.AesKey;
import org.hourtap.card.MasterKeys;

/// The file with the card master key: 32 hexadecimal digits on a line of their own, lines with `#`
/// aside. It holds the spend key only; a terminal can take hours but never give them.
final class CardKeys {
    /// A key and a few lines of comment.
    private static final long FILE_BYTES_MAX = 4_096;

    private CardKeys() {}

    /// @throws IllegalArgumentException in words for the person who starts the terminal, without
    ///   repeating what the file says
    static MasterKeys load(Path file) throws IOException {
        byte[] master = read(file);
        try {
            return MasterKeys.forSpending(master);
        } finally {
            Arrays.fill(master, (byte) 0);
        }
    }

    static void check(Path file) throws IOException {
        Arrays.fill(read(file), (byte) 0);
    }

    private static byte[] read(Path file) throws IOException {
        if (Files.size(file) > FILE_BYTES_MAX) {
            throw unusable(file);
        }
        byte[] bytes = Files.readAllBytes(file);
        byte[] key = new byte[AesKey.LENGTH];
        try {
            int digits = 0;
            boolean isComment = false;
            for (byte next : bytes) {
                isComment = next == '#' || (isComment && next != '\n');
                int digit = Character.digit(next, 16);
                if (isComment || Character.isWhitespace(next)) {
                    continue;
                }
                if (digit < 0 || digits == 2 * key.length) {
                    throw unusable(file);
                }
                key[digits / 2] |= (byte) (digits % 2 == 0 ? digit << 4 : digit);
                digits++;
            }
            if (digits != 2 * key.length) {
                throw unusable(file);
            }
            return key;
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private static IllegalArgumentException unusable(Path file) {
        return new IllegalArgumentException(
                file + " must hold one key of 32 hexadecimal digits (# begins a comment)");
    }
}
