package org.hourtap.server.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import org.hourtap.runtime.DataFolder;
import org.hourtap.runtime.FolderInUseException;
import org.hourtap.runtime.NewerDatabaseException;
import org.hourtap.runtime.Sqlite;
import org.hourtap.runtime.StorageFault;
import org.hourtap.server.DatabaseSetting;
import org.hourtap.server.HubConfig;
import org.hourtap.server.books.BooksMove;
import org.hourtap.server.books.PostgresAddress;
import org.hourtap.server.books.PostgresServer;
import org.hourtap.server.books.RefusedException;
import org.hourtap.server.books.Schema;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Moves a stopped hub's books into PostgreSQL.
@Command(
        name = "migrate",
        mixinStandardHelpOptions = true,
        description = {
            "Moves the books of a stopped hub from its file into a database of PostgreSQL, proves"
                    + " them there, and sets the hub to use it.",
            "If it is interrupted, run it again. The file stays, as hub.db.moved.",
            "The password is in the file database.password of the data folder, readable by its"
                    + " owner only, or in HOURTAP_DATABASE_PASSWORD."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:the books are there", "1:refused", "2:not possible now; run it again"})
public final class MigrateCommand implements Callable<Integer> {
    private static final int REFUSED = 1;
    private static final int NOT_NOW = 2;
    private static final String MOVED_FILE = "hub.db.moved";

    @Option(
            names = "--to",
            required = true,
            paramLabel = "postgresql://USER@HOST/NAME",
            description = "the database to move to; it has to exist, and to be empty")
    private String to = "";

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "the hub's data folder (default: ${DEFAULT-VALUE})",
            defaultValue = "hourtap-hub-data")
    private Path data = Path.of("hourtap-hub-data");

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        Path file = data.resolve(DatabaseSetting.SQLITE_FILE);
        try {
            PostgresAddress address = PostgresAddress.parse(to);
            PostgresAddress set = HubConfig.read(data).database();
            if (set != null && !set.equals(address)) {
                say("hub.properties says that the books are in " + set + ". Correct one of them.");
                return REFUSED;
            }
            if (!Files.isReadable(file)) {
                say("There are no books to move at " + file + ".");
                return REFUSED;
            }
            PostgresServer server = DatabaseSetting.server(address, data);
            try (DataFolder folder = DataFolder.hold(data)) {
                move(file, server);
                if (set == null) {
                    set(folder.resolve(HubConfig.FILE));
                }
                Files.move(
                        file,
                        folder.resolve(MOVED_FILE),
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            }
            say("The books are in " + address + ". Start the hub again.");
            return CommandLine.ExitCode.OK;
        } catch (IllegalArgumentException e) {
            say("--to " + e.getMessage() + ".");
            return REFUSED;
        } catch (RefusedException
                | HubConfig.ConfigException
                | NewerDatabaseException
                | FolderInUseException e) {
            say(String.valueOf(e.getMessage()));
            return REFUSED;
        } catch (SQLException e) {
            say(StorageFault.of(e).advice() + " (" + e.getMessage() + ")");
            return NOT_NOW;
        } catch (IOException e) {
            say("The data folder " + data + " cannot be used: " + e.getMessage());
            return NOT_NOW;
        }
    }

    /// What is in the log is folded into the file, which is all that is kept of it.
    private void move(Path file, PostgresServer server)
            throws SQLException, NewerDatabaseException, RefusedException {
        try (Sqlite source = Schema.open(file)) {
            BooksMove.run(source, server, this::say);
            if (!source.foldLog()) {
                throw new SQLException("another program reads " + file);
            }
        }
    }

    private void set(Path properties) throws IOException {
        String line = "database = " + to + "\n";
        boolean isThere = Files.exists(properties);
        boolean isWhole = !isThere || Files.readString(properties).matches("(?s).*\\R|");
        Files.writeString(
                properties,
                (isWhole ? "" : "\n") + line,
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        say("added to " + properties + ": " + line.strip());
    }

    private void say(String line) {
        CommandSpec known = spec;
        if (known != null) {
            PrintWriter out = known.commandLine().getOut();
            out.println(line);
            out.flush();
        }
    }
}
