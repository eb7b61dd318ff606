package org.hourtap.server.books;

import java.nio.file.Path;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where a PostgreSQL database is and who we are to it, as someone writes it into a setting. Never
/// holds a password.
///
/// @param hosts one or several `host:port`, separated by commas: a primary and its standbys
/// @param sslMode how much of the server's certificate is checked, in libpq's words
/// @param authority the file with the certificates that the server's is checked against
public record PostgresAddress(
        String user, String hosts, String name, String sslMode, @Nullable Path authority) {
    public static final String SCHEME = "postgresql://";

    private static final String DEFAULT_USER = "hourtap";
    private static final String DEFAULT_PORT = "5432";

    private static final Pattern HOST =
            Pattern.compile("(?:[A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:]{2,45}])(?::[0-9]{1,5})?");
    private static final Pattern LOCAL =
            Pattern.compile("(?:localhost|127\\.[0-9.]+|\\[::1])(?::[0-9]+)?");
    private static final Pattern ADDRESS =
            Pattern.compile(
                    "postgresql://(?:([^@/:]*)(:[^@/]*)?@)?([^@/?]+)/([A-Za-z0-9_-]{1,63})"
                            + "(?:\\?(.*))?");
    private static final Pattern SSL_MODE =
            Pattern.compile("disable|allow|prefer|require|verify-ca|verify-full");

    /// Reads `postgresql://[user@]host[:port][,host[:port]…]/name[?sslmode=…&sslrootcert=…]`.
    ///
    /// A server on this machine is spoken to as it likes; one elsewhere has to show a certificate
    /// that is good for its name, unless `sslmode` says otherwise.
    ///
    /// @throws IllegalArgumentException saying what to write instead, never repeating a password
    public static PostgresAddress parse(String text) {
        Matcher parts = ADDRESS.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("has to be postgresql://USER@HOST:PORT/NAME");
        }
        if (parts.group(2) != null) {
            throw new IllegalArgumentException(
                    "must not hold a password: others may read this file. Write it into the file"
                            + " database.password beside it, which only its owner can read");
        }
        StringBuilder hosts = new StringBuilder();
        boolean isLocal = true;
        for (String host : parts.group(3).split(",", -1)) {
            if (!HOST.matcher(host).matches()) {
                throw new IllegalArgumentException("names no host: '" + host + "'");
            }
            isLocal &= LOCAL.matcher(host).matches();
            boolean hasPort = host.matches(".*[^:\\]]:[0-9]+|.*]:[0-9]+");
            hosts.append(hosts.isEmpty() ? "" : ",")
                    .append(host)
                    .append(hasPort ? "" : ":" + DEFAULT_PORT);
        }
        String sslMode = isLocal ? "prefer" : "verify-full";
        Path authority = null;
        String options = parts.group(5) == null ? "" : parts.group(5);
        for (String option : options.isEmpty() ? new String[0] : options.split("&")) {
            String value = option.substring(option.indexOf('=') + 1);
            if (option.startsWith("sslmode=") && SSL_MODE.matcher(value).matches()) {
                sslMode = value;
            } else if (option.startsWith("sslrootcert=") && !value.isEmpty()) {
                authority = Path.of(value);
            } else {
                throw new IllegalArgumentException(
                        "knows only sslmode=disable, allow, prefer, require, verify-ca or"
                                + " verify-full, and sslrootcert=FILE after the question mark, not '"
                                + option
                                + "'");
            }
        }
        String user = parts.group(1);
        return new PostgresAddress(
                user == null || user.isEmpty() ? DEFAULT_USER : user,
                hosts.toString(),
                parts.group(4),
                sslMode,
                authority);
    }

    /// @return who and where, as it may be shown to anyone
    @Override
    public String toString() {
        return "postgresql://" + user + "@" + hosts + "/" + name;
    }

    String url() {
        return "jdbc:postgresql://" + hosts + "/" + name;
    }

    Properties properties() {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("sslmode", sslMode);
        if (authority != null) {
            properties.setProperty("sslrootcert", authority.toString());
        }
        return properties;
    }
}
