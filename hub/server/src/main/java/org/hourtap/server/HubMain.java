package org.hourtap.server;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.hourtap.server.cli.AuditCommands;
import org.hourtap.server.cli.BackupCommands;
import org.hourtap.server.cli.CardCommands;
import org.hourtap.server.cli.CashCommands;
import org.hourtap.server.cli.DayCommands;
import org.hourtap.server.cli.FleetCommands;
import org.hourtap.server.cli.MemberCommands;
import org.hourtap.server.cli.MigrateCommand;
import org.hourtap.server.cli.OfficeCommands;
import org.hourtap.server.cli.ShiftCommands;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// The program `hourtap-hub`.
@Command(
        name = "hourtap-hub",
        description = "Keeps the books of a time bank and talks to its terminals.",
        mixinStandardHelpOptions = true,
        versionProvider = HubMain.Version.class,
        subcommands = {
            HubMain.Run.class,
            MemberCommands.Members.class,
            CardCommands.Cards.class,
            CardCommands.Scheme.class,
            MemberCommands.Adjust.class,
            MemberCommands.Statement.class,
            OfficeCommands.Transfer.class,
            OfficeCommands.ListOnTheirWay.class,
            OfficeCommands.PostPending.class,
            OfficeCommands.VoidTransfer.class,
            OfficeCommands.Refund.class,
            OfficeCommands.Settle.class,
            CashCommands.Cash.class,
            OfficeCommands.Accounts.class,
            DayCommands.Days.class,
            ShiftCommands.Shifts.class,
            FleetCommands.Venues.class,
            FleetCommands.Activities.class,
            FleetCommands.Terminals.class,
            FleetCommands.Trial.class,
            FleetCommands.ListFindings.class,
            AuditCommands.Audit.class,
            BackupCommands.MakeBackup.class,
            BackupCommands.PutBack.class,
            BackupCommands.ShowCopy.class,
            MigrateCommand.class
        })
public final class HubMain {
    private HubMain() {}

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        // So that a negative number can be given as it is.
        return new CommandLine(new HubMain()).setUnmatchedOptionsArePositionalParams(true);
    }

    /// The version in the JAR.
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String built = HubMain.class.getPackage().getImplementationVersion();
            return new String[] {"hourtap-hub " + (built == null ? "development" : built)};
        }
    }

    /// Runs the hub until it is told to stop.
    @Command(
            name = "run",
            description = "Runs the hub until it is told to stop (Ctrl-C, SIGTERM).",
            mixinStandardHelpOptions = true)
    static final class Run implements Callable<Integer> {
        /// The hub cannot start as things are; the message says what to change.
        private static final int CANNOT_START = 2;

        @Option(
                names = "--data",
                paramLabel = "DIR",
                description = "the folder everything is kept in (default: ${DEFAULT-VALUE})",
                defaultValue = "hourtap-hub-data")
        private Path data = Path.of("hourtap-hub-data");

        @Spec private @Nullable CommandSpec spec;

        @Override
        public Integer call() throws InterruptedException {
            CommandSpec known = spec;
            if (known == null) {
                throw new IllegalStateException("run by picocli only");
            }
            Hub hub;
            try {
                hub = Hub.start(data);
            } catch (Hub.CannotStartException e) {
                PrintWriter err = known.commandLine().getErr();
                err.println(e.getMessage());
                err.flush();
                return CANNOT_START;
            }
            // The only place a thread is made outside RoleThread: the JVM asks for one.
            Runtime.getRuntime()
                    .addShutdownHook(Thread.ofPlatform().name("stop").unstarted(hub::close));
            PrintWriter out = known.commandLine().getOut();
            out.println("ready: " + hub.httpAddress() + ", mqtt port " + hub.mqttPort());
            out.flush();
            // Ends with the process: the hook closes the hub.
            new CountDownLatch(1).await();
            return CommandLine.ExitCode.OK;
        }
    }
}
