package org.hourtap.device;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.hourtap.tap.StoreException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// A subcommand that shows something of a terminal's folder. It only reads, and works beside a
/// running terminal.
@SuppressWarnings("NullAway.Init") // fields are set by picocli before call()
abstract class ReadingCommand implements Callable<Integer> {
    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            description = "The terminal's folder.")
    private Path folder;

    @Spec private CommandSpec spec;

    /// Prints what it found to {@link #out()}.
    ///
    /// @throws ConfigException its configuration cannot be used
    /// @throws IOException the folder does not hold what a terminal's does
    /// @throws StoreException its journal cannot be read
    abstract void read() throws ConfigException, IOException, StoreException;

    @Override
    public final Integer call() {
        try {
            read();
            return 0;
        } catch (ConfigException | IOException e) {
            err().println(e.getMessage());
            return TerminalMain.EXIT_USAGE;
        } catch (StoreException e) {
            err().println(e.getMessage());
            return 1;
        }
    }

    final Path folder() {
        return folder;
    }

    final boolean hasJournal() {
        return Files.exists(folder.resolve(Terminal.STORE_FILE));
    }

    /// @throws FileNotFoundException there is none
    final Path journal() throws FileNotFoundException {
        if (!hasJournal()) {
            throw new FileNotFoundException(
                    folder + " holds no journal. Check the folder given as --data.");
        }
        return folder.resolve(Terminal.STORE_FILE);
    }

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    final PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
