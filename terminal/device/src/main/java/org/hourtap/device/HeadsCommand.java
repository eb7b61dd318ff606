package org.hourtap.device;

import java.io.IOException;
import java.util.List;
import org.hourtap.contract.SignedHead;
import org.hourtap.device.sqlite.HeadView;
import org.hourtap.tap.StoreException;
import picocli.CommandLine.Command;

/// `heads`: what the hub said of its journal, as this terminal kept it. Only reads.
@Command(
        name = "heads",
        mixinStandardHelpOptions = true,
        description = {
            "Prints what the hub said of its journal, one signed line for each day, oldest first.",
            "In a file they prove whether the books are still the same ones: hourtap-hub audit"
                    + " verify --key PUBLIC.pem --head-file FILE"
        })
final class HeadsCommand extends ReadingCommand {
    @Override
    void read() throws IOException, StoreException {
        HeadView view = new HeadView(journal());
        List<SignedHead> kept = view.kept();
        kept.forEach(head -> out().println(head.line()));
        // The rest is for people: only lines come into a file.
        if (kept.isEmpty()) {
            err().println(
                            "No heads yet: the hub tells one when this terminal connects. If none"
                                    + " come, the broker does not let this terminal read the topic"
                                    + " hourtap/1/BOOK/head.");
        }
        view.contradiction().ifPresent(head -> err().println(StaffDesk.sentence(head)));
    }
}
