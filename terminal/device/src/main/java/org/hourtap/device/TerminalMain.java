package org.hourtap.device;

import java.util.concurrent.Callable;
import org.hourtap.device.cards.CardsCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `hourtap-terminal`: each subcommand does one thing.
@Command(
        name = "hourtap-terminal",
        mixinStandardHelpOptions = true,
        versionProvider = TerminalMain.Version.class,
        description =
                "The terminal at a door or a shift desk, and what is needed to look after it.",
        subcommands = {
            RunCommand.class,
            EnrolCommand.class,
            StatusCommand.class,
            OutboxCommand.class,
            HeadsCommand.class,
            CardsCommand.class
        })
public final class TerminalMain implements Callable<Integer> {
    /// Something is wrong that the person who typed can put right.
    public static final int EXIT_USAGE = 2;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    public static void main(String[] args) {
        int exit = commandLine().execute(args);
        System.exit(exit);
    }

    static CommandLine commandLine() {
        return new CommandLine(new TerminalMain())
                .setExecutionExceptionHandler(TerminalMain::explain)
                .setUsageHelpAutoWidth(true);
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return EXIT_USAGE;
    }

    /// What went wrong, in its own words; a trace only for what nobody foresaw.
    private static int explain(
            Exception e, CommandLine command, CommandLine.ParseResult arguments) {
        System.getLogger(TerminalMain.class.getName())
                .log(System.Logger.Level.ERROR, "unexpected, please report", e);
        command.getErr().println("Unexpected: " + e + ". Please report this with the log.");
        return 1;
    }

    /// The version in the JAR.
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"hourtap-terminal " + Terminal.version()};
        }
    }
}
