package org.hourtap.device;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `run`: the terminal itself, until it is told to stop.
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Runs the terminal until it is stopped (Ctrl-C or SIGTERM).")
@SuppressWarnings("NullAway.Init") // fields are set by picocli before call()
final class RunCommand implements Callable<Integer> {
    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            description = "The terminal's folder: configuration, key, journal.")
    private Path folder;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        Terminal terminal;
        TerminalConfig config;
        try {
            config = TerminalConfig.load(folder);
            terminal = Terminal.start(folder, config);
        } catch (ConfigException | StartException e) {
            spec.commandLine().getErr().println(e.getMessage());
            return TerminalMain.EXIT_USAGE;
        }
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("stop").unstarted(terminal::close));
        spec.commandLine()
                .getOut()
                .println(
                        "ready: terminal "
                                + config.terminal()
                                + ", member screen "
                                + terminal.screenAddress()
                                + ", staff page "
                                + terminal.screenAddress().resolve("staff")
                                + terminal.virtualReaderPort()
                                        .map(port -> ", virtual cards at port " + port)
                                        .orElse(""));
        spec.commandLine().getOut().flush();
        new CountDownLatch(1).await(); // until the process is told to stop
        return 0;
    }
}
