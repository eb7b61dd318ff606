package org.hourtap.device;

import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.hourtap.contract.BookId;
import org.hourtap.contract.TerminalId;
import org.jspecify.annotations.Nullable;

/// What `terminal.properties` says. Reading it reports every problem at once, so that one look is
/// enough to mend it.
///
/// @param mqttUrl `ssl://host:port`; `tcp://` only for a broker on this machine
/// @param readerName part of the reader's name; empty for the only one there is
/// @param readerPort where virtual cards connect, for a reader of kind vpcd
/// @param readerLights whether to use the light and the beeper in the reader itself
/// @param readerBehaviour what an ACR1252U does of its own accord, one byte; empty to leave it
/// @param screenPort where the pages are, on 127.0.0.1; 0 for any that is free
/// @param cardKeys the file with the card master keys
/// @param rollsCardKeys whether welcomed cards are moved to the newest key; off until every
///   terminal of the scheme holds it, or those that do not would refuse the card
/// @param language to greet in until the hub has told this venue's
/// @param lamps whether to use lamps at the pins, if this machine has pins
public record TerminalConfig(
        TerminalId terminal,
        BookId book,
        URI mqttUrl,
        ReaderKind readerKind,
        String readerName,
        int readerPort,
        boolean readerLights,
        OptionalInt readerBehaviour,
        int screenPort,
        Path cardKeys,
        boolean rollsCardKeys,
        int reconnectMaxSeconds,
        String language,
        boolean lamps) {
    public static final String FILE = "terminal.properties";

    static final String TERMINAL = "terminal.id";
    static final String BOOK = "book.id";
    static final String MQTT = "mqtt.url";

    private static final String READER_KIND = "reader.kind";
    private static final String READER_NAME = "reader.name";
    private static final String READER_PORT = "reader.port";
    private static final String READER_LIGHTS = "reader.lights";
    private static final String READER_BEHAVIOUR = "reader.behaviour";
    private static final String SCREEN_PORT = "screen.port";
    private static final String CARD_KEYS = "card.keys";
    private static final String CARD_KEYS_ROLL = "card.keys.roll";
    private static final String RECONNECT = "reconnect.max.seconds";
    private static final String LANGUAGE = "language";
    private static final String LAMPS = "lamps";

    private static final Set<String> KNOWN =
            Set.of(
                    TERMINAL,
                    BOOK,
                    MQTT,
                    READER_KIND,
                    READER_NAME,
                    READER_PORT,
                    READER_LIGHTS,
                    READER_BEHAVIOUR,
                    SCREEN_PORT,
                    CARD_KEYS,
                    CARD_KEYS_ROLL,
                    RECONNECT,
                    LANGUAGE,
                    LAMPS);

    /// A configuration is a page; more is some other file.
    private static final long FILE_BYTES_MAX = 64 * 1024;

    /// vpcd's own.
    private static final int READER_PORT_USUAL = 35_963;

    private static final int SCREEN_PORT_USUAL = 8_480;
    private static final int PORT_MAX = 65_535;
    private static final int RECONNECT_SECONDS_USUAL = 60;
    private static final int RECONNECT_SECONDS_MAX = 3_600;
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

    /// Which reader to use.
    public enum ReaderKind {
        PCSC,
        VPCD
    }

    /// Reads the folder's configuration.
    ///
    /// @throws ConfigException naming everything that is wrong
    public static TerminalConfig load(Path folder) throws ConfigException {
        Path file = folder.resolve(FILE);
        Reading reading = new Reading(file);
        TerminalConfig config = reading.config(folder);
        if (config == null || !reading.problems.isEmpty()) {
            throw new ConfigException(file, reading.problems);
        }
        return config;
    }

    /// One reading of one file, collecting what is wrong on the way.
    private static final class Reading {
        private final Properties values = new Properties();
        private final List<String> problems = new ArrayList<>();

        Reading(Path file) {
            try {
                if (!Files.exists(file)) {
                    problems.add(
                            "it does not exist. Enrol this terminal first: hourtap-terminal enrol");
                } else if (Files.size(file) > FILE_BYTES_MAX) {
                    problems.add("it is far too long to be a configuration");
                } else {
                    values.load(new StringReader(Files.readString(file, StandardCharsets.UTF_8)));
                }
            } catch (IOException | IllegalArgumentException e) {
                problems.add("it cannot be read as key = value lines: " + e.getMessage());
            }
        }

        @Nullable TerminalConfig config(Path folder) {
            if (!problems.isEmpty()) {
                return null;
            }
            for (String key : new TreeSet<>(values.stringPropertyNames())) {
                if (!KNOWN.contains(key)) {
                    problems.add(
                            key + ": no such setting; known are " + String.join(", ", sorted()));
                }
            }
            TerminalId terminal = required(TERMINAL, TerminalId::new);
            BookId book = required(BOOK, BookId::new);
            URI url = required(MQTT, Reading::url);
            ReaderKind kind =
                    oneOf(READER_KIND, "pcsc", "vpcd") ? ReaderKind.PCSC : ReaderKind.VPCD;
            int readerPort = number(READER_PORT, READER_PORT_USUAL, 0, PORT_MAX);
            boolean readerLights = oneOf(READER_LIGHTS, "usual", "none");
            OptionalInt behaviour = behaviour();
            int screenPort = number(SCREEN_PORT, SCREEN_PORT_USUAL, 0, PORT_MAX);
            int reconnect = number(RECONNECT, RECONNECT_SECONDS_USUAL, 1, RECONNECT_SECONDS_MAX);
            String language = language();
            boolean lamps = oneOf(LAMPS, "usual", "none");
            Path keys = keys(folder);
            boolean rolls = !oneOf(CARD_KEYS_ROLL, "off", "on");
            if (terminal == null || book == null || url == null) {
                return null;
            }
            return new TerminalConfig(
                    terminal,
                    book,
                    url,
                    kind,
                    text(READER_NAME, ""),
                    readerPort,
                    readerLights,
                    behaviour,
                    screenPort,
                    keys,
                    rolls,
                    reconnect,
                    language,
                    lamps);
        }

        private static Iterable<String> sorted() {
            return new TreeSet<>(KNOWN);
        }

        private String text(String key, String usual) {
            return values.getProperty(key, usual).strip();
        }

        private <T> @Nullable T required(String key, Function<String, T> parse) {
            String text = text(key, "");
            if (text.isEmpty()) {
                problems.add(key + ": is missing");
                return null;
            }
            try {
                return parse.apply(text);
            } catch (IllegalArgumentException e) {
                problems.add(key + ": " + e.getMessage());
                return null;
            }
        }

        private static URI url(String text) {
            URI url;
            try {
                url = new URI(text);
            } catch (URISyntaxException e) {
                throw new IllegalArgumentException(
                        "is no address such as ssl://hub.example:8883", e);
            }
            String scheme = String.valueOf(url.getScheme());
            String host = url.getHost();
            if (host == null || url.getPort() < 1 || !Set.of("ssl", "tcp").contains(scheme)) {
                throw new IllegalArgumentException(
                        "must look like ssl://hub.example:8883, not '" + text + "'");
            }
            if (scheme.equals("tcp") && !THIS_MACHINE.contains(host)) {
                throw new IllegalArgumentException(
                        "tcp:// has no encryption and is for a broker on this machine; use ssl://");
            }
            return url;
        }

        /// @return whether it is the first, which is also the usual one
        private boolean oneOf(String key, String first, String second) {
            String text = text(key, first);
            if (!text.equals(first) && !text.equals(second)) {
                problems.add(key + ": must be " + first + " or " + second + ", not '" + text + "'");
            }
            return text.equals(first);
        }

        private int number(String key, int usual, int min, int max) {
            String text = text(key, Integer.toString(usual));
            try {
                int number = Integer.parseInt(text);
                if (number >= min && number <= max) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // said below, in the same words
            }
            problems.add(
                    key + ": must be a number from " + min + " to " + max + ", not '" + text + "'");
            return usual;
        }

        private OptionalInt behaviour() {
            String text = text(READER_BEHAVIOUR, "");
            if (text.isEmpty()) {
                return OptionalInt.empty();
            }
            if (!text.matches("[0-9A-Fa-f]{2}")) {
                problems.add(
                        READER_BEHAVIOUR
                                + ": must be two hexadecimal digits from the reader's manual, not '"
                                + text
                                + "'");
                return OptionalInt.empty();
            }
            return OptionalInt.of(HexFormat.fromHexDigits(text));
        }

        private String language() {
            String text = text(LANGUAGE, "en");
            if (!text.matches("[a-z]{2}")) {
                problems.add(
                        LANGUAGE + ": must be two letters such as en or cy, not '" + text + "'");
                return "en";
            }
            return text;
        }

        private Path keys(Path folder) {
            Path file = folder;
            try {
                file = folder.resolve(text(CARD_KEYS, "card.keys")); // refuses a NUL
                if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
                    problems.add(
                            CARD_KEYS
                                    + ": "
                                    + file
                                    + " cannot be read; put this terminal's card keys there");
                } else {
                    CardKeys.check(file);
                }
            } catch (IOException | IllegalArgumentException e) {
                problems.add(CARD_KEYS + ": " + e.getMessage());
            }
            return file;
        }
    }
}
