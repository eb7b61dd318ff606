package org.hourtap.server;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.hourtap.contract.BookId;
import org.hourtap.server.books.Instance;
import org.hourtap.server.books.PostgresAddress;
import org.jspecify.annotations.Nullable;

/// What can be set about a hub, in `hub.properties` of its data folder. All of it has a default.
///
/// @param wanted the books of the database that this hub would write, if no other does
/// @param httpHost where the HTTP interface listens; loopback, unless terminals enrol from
///   elsewhere
/// @param mqttHost where the embedded broker listens
/// @param mqttUrl a broker elsewhere, `ssl://host:port`; absent to run one inside the hub
/// @param cardKeys the file with cards' master keys, by which the hub checks what cards sign;
///   absent to check nothing
/// @param backupFolder the second place that all commits are copied to; absent for none
/// @param database the PostgreSQL database with the books; absent to keep them in a file of SQLite
/// @param names what terminals call this hub by, besides localhost
public record HubConfig(
        BookId book,
        String bookName,
        Instance.Wanted wanted,
        String httpHost,
        int httpPort,
        String mqttHost,
        int mqttPort,
        @Nullable String mqttUrl,
        @Nullable Path cardKeys,
        @Nullable Path backupFolder,
        @Nullable PostgresAddress database,
        List<String> names) {
    public static final String FILE = "hub.properties";

    /// Where cards' master keys are looked for unless it is set.
    private static final String CARD_KEYS_FILE = "card.keys";

    private static final String BACKUP_FOLDER = "backup.folder";

    private static final int PORT_MAX = 65_535;
    private static final int NAME_LENGTH_MAX = 60;

    private static final Map<String, String> DEFAULTS =
            new TreeMap<>(
                    Map.ofEntries(
                            Map.entry("book", "main"),
                            Map.entry("book.name", "Time bank"),
                            Map.entry("books", ""),
                            Map.entry("http.host", "127.0.0.1"),
                            Map.entry("http.port", "8090"),
                            Map.entry("mqtt.host", "0.0.0.0"),
                            Map.entry("mqtt.port", "8883"),
                            Map.entry("mqtt.url", ""),
                            Map.entry("backup.folder", ""),
                            Map.entry("card.keys", ""),
                            Map.entry("database", ""),
                            Map.entry("hub.names", "")));

    /// Listening here includes localhost.
    private static final Set<String> ALSO_LOCAL = Set.of("0.0.0.0", "::", "127.0.0.1", "localhost");

    public HubConfig {
        names = List.copyOf(names);
    }

    /// @return the name under which the hub reaches its own embedded broker
    String brokerName() {
        return ALSO_LOCAL.contains(mqttHost) ? "localhost" : mqttHost;
    }

    /// @return all names the broker's certificate has to be good for
    List<String> certificateNames() {
        return ALSO_LOCAL.contains(mqttHost)
                ? names
                : Stream.concat(names.stream(), Stream.of(mqttHost)).distinct().toList();
    }

    /// Reads the file, if there is one.
    ///
    /// @throws ConfigException naming everything that is wrong, at once
    public static HubConfig read(Path folder) throws IOException, ConfigException {
        Path file = folder.resolve(FILE);
        Properties properties = new Properties();
        if (Files.exists(file)) {
            try (Reader in = Files.newBufferedReader(file)) {
                properties.load(in);
            } catch (IllegalArgumentException | CharacterCodingException e) {
                throw new ConfigException(
                        file, List.of("it is not a properties file in UTF-8: " + e.getMessage()));
            }
        }
        return new Draft(file, properties).finish();
    }

    /// A file with mistakes in it.
    public static final class ConfigException extends Exception {
        private static final long serialVersionUID = 1L;

        ConfigException(Path file, List<String> problems) {
            super(
                    "Correct these in "
                            + file
                            + ":\n  - "
                            + String.join("\n  - ", problems)
                            + "\nThe hub was not started.");
        }
    }

    private static final class Draft {
        private final Path file;
        private final Map<String, String> values = new TreeMap<>(DEFAULTS);
        private final List<String> problems = new ArrayList<>();

        Draft(Path file, Properties properties) {
            this.file = file;
            Set<String> unknown = new TreeSet<>(properties.stringPropertyNames());
            unknown.removeAll(DEFAULTS.keySet());
            for (String key : unknown) {
                problems.add(
                        key
                                + " is not a setting; there are "
                                + String.join(", ", DEFAULTS.keySet()));
            }
            for (String key : DEFAULTS.keySet()) {
                String value = properties.getProperty(key);
                if (value != null) {
                    values.put(key, value.strip());
                }
            }
        }

        HubConfig finish() throws ConfigException {
            String book = value("book");
            if (!book.matches("[A-Za-z0-9_-]{1,32}")) {
                problems.add("book has to be 1 to 32 of A-Z a-z 0-9 _ -, not '" + book + "'");
            }
            if (value("book.name").isEmpty() || value("book.name").length() > NAME_LENGTH_MAX) {
                problems.add("book.name has to have 1 to 60 characters");
            }
            int httpPort = port("http.port");
            int mqttPort = port("mqtt.port");
            host("http.host");
            host("mqtt.host");
            String url = value("mqtt.url");
            if (!url.isEmpty() && !url.matches("ssl://[^/:\\s]+:[0-9]{1,5}")) {
                problems.add("mqtt.url has to be ssl://HOST:PORT, or empty, not '" + url + "'");
            }
            Path cardKeys = cardKeys();
            Path backupFolder = backupFolder();
            PostgresAddress database = database();
            if (backupFolder != null && database != null) {
                problems.add(
                        "backup.folder copies a hub's own file; books in a database server are"
                                + " copied by that server. Set one of the two");
            }
            Instance.Wanted wanted = wanted(book, database);
            if (!problems.isEmpty()) {
                throw new ConfigException(file, problems);
            }
            return new HubConfig(
                    new BookId(book),
                    value("book.name"),
                    wanted,
                    value("http.host"),
                    httpPort,
                    value("mqtt.host"),
                    mqttPort,
                    url.isEmpty() ? null : url,
                    cardKeys,
                    backupFolder,
                    database,
                    List.of(value("hub.names").split("[,\\s]+")).stream()
                            .filter(name -> !name.isEmpty())
                            .toList());
        }

        private Instance.Wanted wanted(String book, @Nullable PostgresAddress database) {
            String named = value("books");
            if (!named.isEmpty() && database == null) {
                problems.add(
                        "books are several in a database server only: set database as well, or"
                                + " leave books empty");
            }
            try {
                return Instance.Wanted.parse(
                        named.isEmpty() ? book : named.equals("*") ? named : book + "," + named);
            } catch (IllegalArgumentException e) {
                if (!named.isEmpty()) {
                    problems.add(
                            "books has to be * for all, or ids with commas between them, not '"
                                    + named
                                    + "'");
                }
                return new Instance.Wanted(null);
            }
        }

        private @Nullable Path backupFolder() {
            String named = value(BACKUP_FOLDER);
            try {
                Path folder = Path.of(named);
                if (folder.isAbsolute()) {
                    return folder;
                }
            } catch (InvalidPathException e) {
                // Said below.
            }
            if (!named.isEmpty()) {
                problems.add(
                        BACKUP_FOLDER
                                + " has to name a folder from / on, such as"
                                + " /media/usb/hourtap, not '"
                                + named
                                + "'");
            }
            return null;
        }

        private @Nullable Path cardKeys() {
            if (!value(CARD_KEYS_FILE).isEmpty()) {
                try {
                    return file.resolveSibling(value(CARD_KEYS_FILE));
                } catch (InvalidPathException e) {
                    problems.add(CARD_KEYS_FILE + " has to name a file: " + e.getReason());
                    return null;
                }
            }
            Path usual = file.resolveSibling(CARD_KEYS_FILE);
            return Files.exists(usual) ? usual : null;
        }

        private @Nullable PostgresAddress database() {
            if (value("database").isEmpty()) {
                return null;
            }
            try {
                return PostgresAddress.parse(value("database"));
            } catch (IllegalArgumentException e) {
                problems.add("database " + e.getMessage());
                return null;
            }
        }

        private String value(String key) {
            return values.getOrDefault(key, "");
        }

        private void host(String key) {
            if (!value(key).matches("[A-Za-z0-9.:_-]{1,253}")) {
                problems.add(key + " has to be a host name or address, not '" + value(key) + "'");
            }
        }

        private int port(String key) {
            String text = value(key);
            try {
                int port = Integer.parseInt(text);
                if (port >= 0 && port <= PORT_MAX) {
                    return port;
                }
            } catch (NumberFormatException e) {
                // Said below, together with numbers out of range.
            }
            problems.add(key + " has to be a number from 0 to 65535, not '" + text + "'");
            return 0;
        }
    }
}
