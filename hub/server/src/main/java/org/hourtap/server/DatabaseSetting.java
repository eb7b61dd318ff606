package org.hourtap.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.hourtap.runtime.DataFolder;
import org.hourtap.server.books.LedgerStore;
import org.hourtap.server.books.PostgresAddress;
import org.hourtap.server.books.PostgresServer;

/// Where a hub's books are: in the file `hub.db` of its data folder, or in PostgreSQL if the
/// setting `database` says so. The password is in a file of its own, or in the environment.
public final class DatabaseSetting {
    public static final String SQLITE_FILE = "hub.db";
    static final String PASSWORD_FILE = "database.password";
    private static final String PASSWORD_VARIABLE = "HOURTAP_DATABASE_PASSWORD";
    private static final int PASSWORD_BYTES_MAX = 1_024;

    private DatabaseSetting() {}

    /// @param folder the hub's data folder
    /// @throws HubConfig.ConfigException if there are books in the folder and the setting says that
    ///   they are elsewhere, or the password is not where or as it should be
    static LedgerStore of(HubConfig config, Path folder)
            throws IOException, HubConfig.ConfigException {
        Path file = folder.resolve(SQLITE_FILE);
        PostgresAddress address = config.database();
        if (address == null) {
            return LedgerStore.of(file);
        }
        if (Files.exists(file)) {
            throw new HubConfig.ConfigException(
                    folder.resolve(HubConfig.FILE),
                    List.of(
                            "database names "
                                    + address
                                    + ", and there are books in "
                                    + file
                                    + ". Move them over with: hourtap-hub migrate --data "
                                    + folder
                                    + " --to "
                                    + address
                                    + ", or put that file elsewhere if they are no longer needed"));
        }
        return server(address, folder);
    }

    /// @param folder the folder in which the file with the password is, if there is one
    public static PostgresServer server(PostgresAddress address, Path folder)
            throws IOException, HubConfig.ConfigException {
        return new PostgresServer(address, password(folder));
    }

    /// @return empty if there is none, for servers that ask for none
    private static String password(Path folder) throws IOException, HubConfig.ConfigException {
        String given = System.getenv(PASSWORD_VARIABLE);
        if (given != null) {
            return given;
        }
        Path file = folder.resolve(PASSWORD_FILE);
        if (!Files.exists(file)) {
            return "";
        }
        if (DataFolder.isReadableByOthers(file)) {
            throw new HubConfig.ConfigException(
                    file, List.of("others can read it. Run: chmod 600 " + file));
        }
        if (Files.size(file) > PASSWORD_BYTES_MAX) {
            throw new HubConfig.ConfigException(
                    file, List.of("it is too long for a password of one line"));
        }
        return Files.readString(file).strip();
    }
}
