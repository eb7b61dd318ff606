package org.hourtap.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hourtap.card.AesKey;
import org.hourtap.card.CardLayout;
import org.hourtap.card.KeyName;
import org.hourtap.card.MasterKeys;
import org.hourtap.runtime.DataFolder;

/// The file with the master keys of cards, one `NUMBER.VERSION = 32 hexadecimal digits` a line. The
/// hub takes the transaction MAC's out of it and leaves the others alone, which open cards.
final class CardKeyFile {
    /// Every version of every key, and comments.
    private static final long FILE_BYTES_MAX = 64 * 1024;

    private CardKeyFile() {}

    /// @throws HubConfig.ConfigException saying which line to correct, never what it holds
    static MasterKeys load(Path file) throws IOException, HubConfig.ConfigException {
        try {
            if (DataFolder.isReadableByOthers(file)) {
                throw wrong(file, "others can read it. Run: chmod 600 " + file);
            }
            if (Files.size(file) > FILE_BYTES_MAX) {
                throw wrong(file, "it is too large for a file of keys");
            }
        } catch (NoSuchFileException e) {
            throw wrong(file, "there is no such file; the setting card.keys names it");
        }
        byte[] bytes = Files.readAllBytes(file);
        Map<KeyName, byte[]> keys = new HashMap<>();
        try {
            read(file, bytes, keys);
            if (keys.isEmpty()) {
                throw wrong(
                        file,
                        "it has no key "
                                + CardLayout.TMAC_KEY
                                + ", by which the hub checks what cards sign; a line such as "
                                + CardLayout.TMAC_KEY
                                + ".0 = 32 hexadecimal digits");
            }
            return new MasterKeys(keys);
        } finally {
            Arrays.fill(bytes, (byte) 0);
            keys.values().forEach(key -> Arrays.fill(key, (byte) 0));
        }
    }

    private static void read(Path file, byte[] bytes, Map<KeyName, byte[]> keys)
            throws HubConfig.ConfigException {
        int number = 0;
        int start = 0;
        while (start < bytes.length) {
            int end = indexOf(bytes, '\n', start, bytes.length);
            number++;
            try {
                readLine(bytes, start, indexOf(bytes, '#', start, end), keys);
            } catch (IllegalArgumentException e) {
                throw wrong(file, "line " + number + ": " + e.getMessage());
            }
            start = end + 1;
        }
    }

    private static void readLine(byte[] bytes, int start, int end, Map<KeyName, byte[]> keys) {
        int from = start;
        int to = end;
        while (from < to && Character.isWhitespace(bytes[from])) {
            from++;
        }
        while (to > from && Character.isWhitespace(bytes[to - 1])) {
            to--;
        }
        if (from == to) {
            return;
        }
        int equals = indexOf(bytes, '=', from, to);
        KeyName name =
                equals == to
                        ? new KeyName(CardLayout.SPEND_KEY, 0)
                        : name(new String(bytes, from, equals - from, StandardCharsets.US_ASCII));
        byte[] key = key(bytes, equals == to ? from : equals + 1, to);
        boolean isTwice = keys.containsKey(name);
        if (name.number() == CardLayout.TMAC_KEY && !isTwice) {
            keys.put(name, key);
        } else {
            Arrays.fill(key, (byte) 0);
        }
        if (isTwice) {
            throw new IllegalArgumentException("key " + name + " was there before");
        }
    }

    private static KeyName name(String text) {
        String[] parts = text.strip().split("\\.", -1);
        if (parts.length != 2
                || !parts[0].matches("[0-9]{1,3}")
                || !parts[1].matches("[0-9]{1,3}")) {
            throw new IllegalArgumentException(
                    "before the = there has to be NUMBER.VERSION, such as 15.0");
        }
        return new KeyName(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
    }

    private static byte[] key(byte[] bytes, int from, int to) {
        byte[] key = new byte[AesKey.LENGTH];
        int digits = 0;
        for (int i = from; i < to; i++) {
            if (Character.isWhitespace(bytes[i])) {
                continue;
            }
            int digit = Character.digit(bytes[i], 16);
            if (digit < 0 || digits == 2 * key.length) {
                digits = -1;
                break;
            }
            key[digits / 2] |= (byte) (digits % 2 == 0 ? digit << 4 : digit);
            digits++;
        }
        if (digits != 2 * key.length) {
            Arrays.fill(key, (byte) 0);
            throw new IllegalArgumentException("a key has 32 hexadecimal digits");
        }
        return key;
    }

    /// @return `to` if there is none
    private static int indexOf(byte[] bytes, char sought, int from, int to) {
        int at = from;
        while (at < to && bytes[at] != sought) {
            at++;
        }
        return at;
    }

    private static HubConfig.ConfigException wrong(Path file, String problem) {
        return new HubConfig.ConfigException(file, List.of(problem));
    }
}
