package org.hourtap.device;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.hourtap.contract.SignedHead;
import org.hourtap.device.sqlite.HeadView;
import org.hourtap.tap.StoreException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `heads`: what the hub said of its journal, as this terminal kept it. Only reads.
@Command(
        name = "heads",
        mixinStandardHelpOptions = true,
        description = {
            "Prints what the hub said of its journal, one signed line for each day, oldest first.",
            "In a file they prove whether the books are still the same ones: hourtap-hub audit"
                    + " verify --key PUBLIC.pem --head-file FILE"
        })
@SuppressWarnings("NullAway.Init") // fields are set by picocli before call()
final class HeadsCommand implements Callable<Integer> {
    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            description = "The terminal's folder.")
    private Path folder;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        // So that only lines come into a file.
        PrintWriter err = spec.commandLine().getErr();
        Path file = folder.resolve(Terminal.STORE_FILE);
        if (!Files.exists(file)) {
            err.println(folder + " holds no journal. Check the folder given as --data.");
            return TerminalMain.EXIT_USAGE;
        }
        try {
            HeadView view = new HeadView(file);
            List<SignedHead> kept = view.kept();
            kept.forEach(head -> spec.commandLine().getOut().println(head.line()));
            if (kept.isEmpty()) {
                err.println(
                        "No heads yet: the hub tells one when this terminal connects. If none come,"
                                + " the broker does not let this terminal read the topic "
                                + "hourtap/1/BOOK/head.");
            }
            view.contradiction().ifPresent(head -> err.println(StaffDesk.sentence(head)));
            return 0;
        } catch (StoreException e) {
            err.println(e.getMessage());
            return 1;
        }
    }
}
