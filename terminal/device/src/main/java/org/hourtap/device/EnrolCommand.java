package org.hourtap.device;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.hourtap.contract.EnrolmentCode;
import org.hourtap.contract.EnrolmentReply;
import org.hourtap.contract.TerminalId;
import org.hourtap.device.enrol.Enrolment;
import org.hourtap.device.enrol.EnrolmentException;
import org.hourtap.runtime.DataFolder;
import org.hourtap.runtime.FolderInUseException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `enrol`: joins a hub. The code is asked for and never an argument, because arguments are seen by
/// everyone on the machine.
@Command(
        name = "enrol",
        mixinStandardHelpOptions = true,
        description = {
            "Joins a hub with the one-time code the hub printed for this terminal.",
            "The code is asked for; it can also be piped in."
        })
@SuppressWarnings("NullAway.Init") // fields are set by picocli before call()
final class EnrolCommand implements Callable<Integer> {
    /// Longer than any code with any spacing.
    private static final int LINE_LENGTH_MAX = 200;

    @Option(
            names = "--hub",
            required = true,
            paramLabel = "URL",
            description = "Where the hub's pages are, such as http://hub.example:8080.")
    private URI hub;

    @Option(
            names = "--terminal",
            required = true,
            paramLabel = "ID",
            description = "The terminal's id, as the hub knows it.")
    private String terminal;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            description = "The terminal's folder; made if there is none.")
    private Path folder;

    @Option(
            names = "--again",
            description = "Replace an earlier enrolment of this folder. The journal stays.")
    private boolean again;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        try (DataFolder held = DataFolder.hold(folder)) {
            Path properties = held.resolve(TerminalConfig.FILE);
            if (Files.exists(properties) && !again) {
                err.println(
                        folder
                                + " is enrolled already. Give this terminal a folder of its own, or"
                                + " add --again to enrol this one anew.");
                return TerminalMain.EXIT_USAGE;
            }
            Enrolment enrolment = new Enrolment(hub, new TerminalId(terminal), folder);
            EnrolmentReply reply = enrolment.enrol(EnrolmentCode.parse(askForCode()), properties);
            spec.commandLine()
                    .getOut()
                    .println(
                            "Terminal "
                                    + reply.terminal()
                                    + " has joined "
                                    + reply.book()
                                    + ". Start it with: hourtap-terminal run --data "
                                    + folder);
            return 0;
        } catch (EnrolmentException | FolderInUseException | IllegalArgumentException e) {
            err.println(e.getMessage());
            return TerminalMain.EXIT_USAGE;
        } catch (IOException e) {
            err.println("The folder " + folder + " cannot be used: " + e.getMessage());
            return TerminalMain.EXIT_USAGE;
        }
    }

    @SuppressWarnings("SystemConsoleNull") // JDK 25 has none again when its input is a pipe
    private String askForCode() throws IOException {
        Console console = System.console();
        if (console != null && console.isTerminal()) {
            String typed = console.readLine("One-time code for terminal %s: ", terminal);
            return typed == null ? "" : typed;
        }
        BufferedReader in =
                new BufferedReader(
                        new InputStreamReader(System.in, Charset.defaultCharset()),
                        LINE_LENGTH_MAX);
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            if (line.length() >= LINE_LENGTH_MAX) {
                throw new IllegalArgumentException("That is too long to be a one-time code.");
            }
            line.append((char) next);
        }
        return line.toString();
    }
}
