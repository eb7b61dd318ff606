package org.hourtap.server.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.hourtap.runtime.Database;
import org.hourtap.runtime.Sqlite;
import org.hourtap.server.DatabaseSetting;
import org.hourtap.server.HubConfig;
import org.hourtap.server.books.PostgresAddress;
import org.jspecify.annotations.Nullable;

/// The books that an audit is about. They are only read.
///
/// @param named a file, or `postgresql://…`; absent for those of the data folder's hub
/// @param data in which the file with the password is too
record AuditedBooks(@Nullable String named, Path data) {
    private static final int CACHE_KILOBYTES = 16_384;

    /// @throws IOException if there is no such file
    /// @throws IllegalArgumentException if that is no address, in a sentence
    Database open() throws SQLException, IOException, HubConfig.ConfigException {
        PostgresAddress address = address();
        if (address != null) {
            return DatabaseSetting.server(address, data).openReader();
        }
        if (!Files.isReadable(file())) {
            throw new IOException("There is no database to read at " + file() + ".");
        }
        return Sqlite.openReadOnly(file(), CACHE_KILOBYTES);
    }

    /// @return where it is if it is a file
    Path file() {
        return named == null ? data.resolve(DatabaseSetting.SQLITE_FILE) : Path.of(named);
    }

    private @Nullable PostgresAddress address() throws IOException, HubConfig.ConfigException {
        if (named == null) {
            return HubConfig.read(data).database();
        }
        return named.startsWith(PostgresAddress.SCHEME) ? PostgresAddress.parse(named) : null;
    }
}
