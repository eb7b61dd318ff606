package org.hourtap.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.hourtap.runtime.DataFolder;
import org.hourtap.runtime.SystemTime;
import org.hourtap.server.HubConfig;
import org.hourtap.server.backup.Backup;
import org.hourtap.server.backup.BackupProblem;
import org.hourtap.server.backup.Restore;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Copies of a hub, and the way back.
public final class BackupCommands {
    private BackupCommands() {}

    /// What both directions have in common.
    abstract static class FileCommand implements Callable<Integer> {
        private static final int NOT_DONE = 1;

        @Option(
                names = "--data",
                paramLabel = "DIR",
                description = "the hub's data folder (default: ${DEFAULT-VALUE})",
                defaultValue = "hourtap-hub-data")
        private Path data = Path.of("hourtap-hub-data");

        @Spec private @Nullable CommandSpec spec;

        abstract void run(Path folder)
                throws IOException, BackupProblem, HubConfig.ConfigException, InterruptedException;

        @Override
        public final Integer call() throws InterruptedException {
            try {
                run(data);
                return CommandLine.ExitCode.OK;
            } catch (BackupProblem | HubConfig.ConfigException e) {
                return failed(String.valueOf(e.getMessage()));
            } catch (IOException e) {
                return failed(
                        "A file cannot be read or written: "
                                + e
                                + ". Is there room, and are you the user the hub runs as?");
            }
        }

        final void say(String line) {
            if (spec != null) {
                PrintWriter out = spec.commandLine().getOut();
                out.println(line);
                out.flush();
            }
        }

        private int failed(String line) {
            if (spec != null) {
                PrintWriter err = spec.commandLine().getErr();
                err.println(line);
                err.flush();
            }
            return NOT_DONE;
        }
    }

    @Command(
            name = "backup",
            mixinStandardHelpOptions = true,
            description = {
                "Copies a hub to a folder, while it runs or not, and proves the copy.",
                "The copy holds everything a hub needs so that terminals go on working with it,"
                        + " also its secrets: keep it where nobody else can read it."
            },
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {"0:the backup is made and holds", "1:there is no new backup"})
    public static final class MakeBackup extends FileCommand {
        @Parameters(paramLabel = "DEST", description = "a folder, best on another disk")
        private Path destination = Path.of(".");

        @Option(
                names = "--keep",
                paramLabel = "N",
                description =
                        "keep the newest N backups there and delete older ones (default: all)")
        private int keep;

        @Override
        void run(Path folder)
                throws IOException, BackupProblem, HubConfig.ConfigException, InterruptedException {
            HubConfig config = HubConfig.read(folder);
            Backup.Made made =
                    Backup.make(
                            folder,
                            config.cardKeys(),
                            config.book().value(),
                            destination,
                            Math.max(0, keep),
                            SystemTime.wallMicros(),
                            this::say);
            made.elsewhere()
                    .forEach(path -> say("Not in the backup, keep a copy yourself: " + path));
            if (DataFolder.isReadableByOthers(made.folder())) {
                say("NOTE: others on this machine can read " + made.folder() + ".");
            }
            say("Backup " + made.folder() + " holds. Heads: " + String.join(" ", made.heads()));
        }
    }

    @Command(
            name = "restore",
            mixinStandardHelpOptions = true,
            description = {
                "Puts a hub back from a backup, or from the continuous copy, and proves its books"
                        + " first. Stop the hub before.",
                "Run it as the user the hub runs as."
            },
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {"0:restored; start the hub", "1:nothing was changed"})
    public static final class PutBack extends FileCommand {
        @Parameters(
                paramLabel = "SNAPSHOT",
                description = "a backup's folder, or the folder they are in: then the newest")
        private Path snapshot = Path.of(".");

        @Option(
                names = "--replace",
                description = "move what is in the data folder aside; it is not deleted")
        private boolean isReplacing;

        @Override
        void run(Path folder) throws IOException, BackupProblem, InterruptedException {
            Restore.Restored restored =
                    Restore.run(snapshot, folder, isReplacing, SystemTime.wallMicros(), this::say);
            Restore.sentences(restored).forEach(this::say);
        }
    }

    @Command(
            name = "copy",
            description = "Says how the continuous copy (setting backup.folder) stands.",
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {"0:all that was committed is there", "1:it is not, or none is kept"})
    public static final class ShowCopy extends HubCommand {
        @Override
        void run(HubClient hub) throws HubClient.AskException, InterruptedException {
            JsonNode copy = hub.get("/copy");
            if (!copy.path("state").asText().equals("GOOD")) {
                throw new HubClient.AskException(copy.path("sentence").asText());
            }
            print(copy.path("sentence").asText());
        }
    }

    /// Says on any list an operator looks at if the copy has stopped.
    static void warn(HubCommand command, HubClient hub)
            throws HubClient.AskException, InterruptedException {
        JsonNode copy = hub.get("/copy");
        if (copy.path("state").asText().equals("STOPPED")) {
            command.print("WARNING, the copy of the books: " + copy.path("sentence").asText());
        }
    }
}
