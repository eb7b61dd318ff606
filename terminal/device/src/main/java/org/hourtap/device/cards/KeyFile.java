package org.hourtap.device.cards;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Collections;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.hourtap.card.AesKey;
import org.hourtap.card.CardLayout;
import org.hourtap.card.KeyName;
import org.hourtap.runtime.DataFolder;

/// Card master keys as they lie in a file: text, one key a line, `#` begins a comment.
///
/// ```
/// 1.0 = 00112233445566778899aabbccddeeff      NUMBER.VERSION = 32 hexadecimal digits
/// 00112233445566778899aabbccddeeff            the same; what a terminal's file used to be
/// ```
///
/// Numbers are those of the keys on a card, and 15 for the key of its transaction MAC. Nobody but
/// the owner may be able to read the file. Problems are told by file and line and never quote it.
/// What was read is zeroed on close.
public final class KeyFile implements AutoCloseable {
    /// What a line without a name is: a terminal's spend key.
    private static final KeyName BARE = new KeyName(CardLayout.SPEND_KEY, 0);

    /// Six numbers with all their versions would fit; nobody has more than a few.
    private static final long FILE_BYTES_MAX = 64 * 1024;

    private static final int HEX_LENGTH = 2 * AesKey.LENGTH;
    private static final String OWNER_ONLY = "rw-------";

    private final TreeMap<KeyName, byte[]> keys = new TreeMap<>();

    private KeyFile() {}

    /// Reads a file.
    ///
    /// @throws IllegalArgumentException in words for whoever has to mend it
    public static KeyFile read(Path file) throws IOException {
        if (DataFolder.isReadableByOthers(file)) {
            throw new IllegalArgumentException(
                    "others may read " + file + "; take that away first: chmod 600 " + file);
        }
        if (Files.size(file) > FILE_BYTES_MAX) {
            throw new IllegalArgumentException(file + " is far too long to be a key file");
        }
        byte[] bytes = Files.readAllBytes(file);
        KeyFile keyFile = new KeyFile();
        try {
            keyFile.parse(bytes);
        } catch (IllegalArgumentException e) {
            keyFile.close();
            throw new IllegalArgumentException(file + ", " + e.getMessage(), e);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
        if (keyFile.keys.isEmpty()) {
            throw new IllegalArgumentException(
                    file + " holds no key; a line is NUMBER.VERSION = 32 hexadecimal digits");
        }
        return keyFile;
    }

    /// A scheme's first keys: every number a card has, version 1.
    ///
    /// @param random 16 unpredictable bytes with each call
    static KeyFile random(Supplier<byte[]> random) {
        KeyFile made = new KeyFile();
        for (int number = 0; number < CardLayout.KEY_COUNT; number++) {
            made.keys.put(new KeyName(number, 1), random.get());
        }
        made.keys.put(new KeyName(CardLayout.TMAC_KEY, 1), random.get());
        return made;
    }

    /// The keys of one number, for someone who must not have the others.
    KeyFile only(int number) {
        KeyFile part = new KeyFile();
        keys.forEach((name, key) -> {
            if (name.number() == number) {
                part.keys.put(name, key.clone());
            }
        });
        return part;
    }

    /// @return the keys by their names; ours, to be copied and not kept
    public SortedMap<KeyName, byte[]> keys() {
        return Collections.unmodifiableSortedMap(keys);
    }

    boolean isEmpty() {
        return keys.isEmpty();
    }

    /// Writes a new file that its owner alone can read.
    ///
    /// @throws java.nio.file.FileAlreadyExistsException rather than overwrite keys
    void writeNew(Path file, String comment) throws IOException {
        byte[] text = text(comment);
        try (FileChannel out =
                FileChannel.open(
                        file,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString(OWNER_ONLY)))) {
            ByteBuffer left = ByteBuffer.wrap(text);
            while (left.hasRemaining()) {
                out.write(left);
            }
            out.force(true);
        } finally {
            Arrays.fill(text, (byte) 0);
        }
    }

    /// Adds the next version of a number at the file's end; what is there stays as it is.
    ///
    /// @return the new version
    static int addVersion(Path file, int number, Supplier<byte[]> random) throws IOException {
        int version;
        try (KeyFile present = read(file)) {
            OptionalInt newest =
                    present.keys.keySet().stream()
                            .filter(name -> name.number() == number)
                            .mapToInt(KeyName::version)
                            .max();
            version =
                    1
                            + newest.orElseThrow(() ->
                                    new IllegalArgumentException(
                                            file
                                                    + " holds no key "
                                                    + number
                                                    + " that a new version could follow"));
        }
        if (version > KeyName.VERSION_MAX) {
            throw new IllegalArgumentException(
                    "key "
                            + number
                            + " has reached version "
                            + KeyName.VERSION_MAX
                            + ", the last one");
        }
        byte[] before = Files.readAllBytes(file);
        byte[] key = random.get();
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        text.writeBytes(before);
        if (before[before.length - 1] != '\n') {
            text.write('\n');
        }
        writeLine(text, new KeyName(number, version), key);
        byte[] after = text.toByteArray();
        try {
            DataFolder.writePrivate(file, after);
        } finally {
            Arrays.fill(before, (byte) 0);
            Arrays.fill(key, (byte) 0);
            Arrays.fill(after, (byte) 0);
        }
        return version;
    }

    @Override
    public void close() {
        keys.values().forEach(key -> Arrays.fill(key, (byte) 0));
    }

    @Override
    public String toString() {
        return "KeyFile" + keys.keySet();
    }

    private byte[] text(String comment) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        comment.lines()
                .forEach(line ->
                        text.writeBytes(("# " + line + "\n").getBytes(StandardCharsets.UTF_8)));
        keys.forEach((name, key) -> writeLine(text, name, key));
        return text.toByteArray();
    }

    /// By hand, because a string with a key in it cannot be zeroed.
    private static void writeLine(ByteArrayOutputStream text, KeyName name, byte[] key) {
        text.writeBytes((name + " = ").getBytes(StandardCharsets.US_ASCII));
        for (byte next : key) {
            text.write(Character.forDigit(next >> 4 & 0xF, 16));
            text.write(Character.forDigit(next & 0xF, 16));
        }
        text.write('\n');
    }

    private void parse(byte[] bytes) {
        int line = 1;
        int from = 0;
        for (int i = 0; i <= bytes.length; i++) {
            if (i == bytes.length || bytes[i] == '\n') {
                parseLine(line, Arrays.copyOfRange(bytes, from, i));
                line++;
                from = i + 1;
            }
        }
    }

    private void parseLine(int number, byte[] line) {
        try {
            int end = indexOf(line, '#', line.length);
            int equals = indexOf(line, '=', end);
            boolean hasName = equals < end;
            if (!hasName && isBlank(line, end)) {
                return;
            }
            KeyName name = hasName ? name(number, line, equals) : BARE;
            if (keys.containsKey(name)) {
                throw wrong(number, "key " + name + " is there a second time");
            }
            keys.put(name, key(number, line, hasName ? equals + 1 : 0, end));
        } finally {
            Arrays.fill(line, (byte) 0);
        }
    }

    private static KeyName name(int line, byte[] bytes, int end) {
        String text = new String(bytes, 0, end, StandardCharsets.US_ASCII).strip();
        if (!text.matches("[0-9]{1,3}\\.[0-9]{1,3}")) {
            throw wrong(line, "before = there must be NUMBER.VERSION, such as 1.0");
        }
        int point = text.indexOf('.');
        int number = Integer.parseInt(text.substring(0, point));
        int version = Integer.parseInt(text.substring(point + 1));
        try {
            return new KeyName(number, version);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("line " + line + ": " + e.getMessage(), e);
        }
    }

    private static byte[] key(int line, byte[] bytes, int from, int end) {
        byte[] key = new byte[AesKey.LENGTH];
        int digits = 0;
        for (int i = from; i < end; i++) {
            if (Character.isWhitespace(bytes[i])) {
                continue;
            }
            int digit = Character.digit(bytes[i], 16);
            if (digit < 0 || digits == HEX_LENGTH) {
                digits = -1;
                break;
            }
            key[digits / 2] |= (byte) (digits % 2 == 0 ? digit << 4 : digit);
            digits++;
        }
        if (digits != HEX_LENGTH) {
            Arrays.fill(key, (byte) 0);
            throw wrong(line, "a key is " + HEX_LENGTH + " hexadecimal digits");
        }
        return key;
    }

    private static int indexOf(byte[] bytes, char wanted, int end) {
        for (int i = 0; i < end; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return end;
    }

    private static boolean isBlank(byte[] bytes, int end) {
        for (int i = 0; i < end; i++) {
            if (!Character.isWhitespace(bytes[i])) {
                return false;
            }
        }
        return true;
    }

    private static IllegalArgumentException wrong(int line, String what) {
        return new IllegalArgumentException("line " + line + ": " + what);
    }
}
