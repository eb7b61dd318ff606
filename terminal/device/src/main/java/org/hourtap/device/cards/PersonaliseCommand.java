package org.hourtap.device.cards;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.hourtap.card.MasterKeys;
import org.hourtap.contract.MemberId;
import org.hourtap.device.TerminalMain;
import org.hourtap.runtime.SystemTime;
import org.hourtap.tap.CardReader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `cards personalise`: makes blank cards the scheme's own, one or a batch. Progress goes to the
/// error stream, so that the registrations can be sent to a file.
@Command(
        name = "personalise",
        mixinStandardHelpOptions = true,
        description = {
            "Writes layout and keys on blank cards, has each prove itself, and registers it.",
            "Without --hub the registrations are printed as lines of CSV."
        })
@SuppressWarnings("NullAway.Init") // fields are set by picocli before call()
final class PersonaliseCommand implements Callable<Integer> {
    /// A day's work at one desk.
    private static final int COUNT_MAX = 1_000;

    private static final long LIST_BYTES_MAX = 256 * 1024;

    /// A card takes a second or two; the kernel's patience with a stopping program is longer.
    private static final long FINISH_SECONDS = 10;

    @Option(
            names = "--keys",
            required = true,
            paramLabel = "FILE",
            description = "The file with all card master keys; see: cards keys new.")
    private Path keyFile;

    @Mixin private ReaderOptions readerOptions;

    @Option(
            names = "--count",
            paramLabel = "N",
            description = "How many cards; 1, or as many as there are members in --members.")
    private @Nullable Integer count;

    @Option(names = "--member", paramLabel = "ID", description = "Whose card it is.")
    private @Nullable String member;

    @Option(
            names = "--members",
            paramLabel = "FILE",
            description = "Whose cards they are, one id a line, in the order of the cards.")
    private @Nullable Path memberFile;

    @Option(
            names = "--hub",
            paramLabel = "URL",
            description = "Register at this hub; needs --token-file and --member or --members.")
    private @Nullable URI hub;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "The hub's admin.token, readable by you alone.")
    private @Nullable Path tokenFile;

    @Option(
            names = "--again",
            description = "Take cards that are ours already too: verify and register them again.")
    private boolean again;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        try {
            List<String> members = members();
            Register register = register();
            try (KeyFile keys = KeyFile.read(keyFile);
                    MasterKeys masters = new MasterKeys(keys.keys());
                    CardReader reader = readerOptions.open()) {
                Station station = new Station(masters, SystemTime::randomBytes);
                return run(reader, station, register, members) ? 0 : 1;
            }
        } catch (NoSuchFileException e) {
            err.println("There is no " + e.getFile() + ".");
        } catch (IOException | IllegalArgumentException e) {
            err.println(e.getMessage());
        }
        return TerminalMain.EXIT_USAGE;
    }

    /// Ctrl-C lets the card in hand be finished and the summary be written.
    private boolean run(CardReader reader, CardMaker maker, Register register, List<String> members)
            throws InterruptedException {
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch finished = new CountDownLatch(1);
        Thread hook = Thread.ofPlatform().name("stop").unstarted(() -> finish(stop, finished));
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return new Batch(reader, maker, register, again, spec.commandLine().getErr(), stop)
                    .run(members);
        } finally {
            finished.countDown();
            if (stop.getCount() > 0) {
                Runtime.getRuntime().removeShutdownHook(hook);
            }
        }
    }

    private static void finish(CountDownLatch stop, CountDownLatch finished) {
        stop.countDown();
        try {
            if (!finished.await(FINISH_SECONDS, TimeUnit.SECONDS)) {
                System.getLogger(PersonaliseCommand.class.getName())
                        .log(System.Logger.Level.WARNING, "stopped in the middle of a card");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<String> members() throws IOException {
        Path file = memberFile;
        String one = member;
        if (file != null && one != null) {
            throw new IllegalArgumentException("Give --member or --members, not both.");
        }
        if (hub != null && file == null && one == null) {
            throw new IllegalArgumentException(
                    "A card is registered for somebody: add --member ID or --members FILE.");
        }
        Integer wanted = count;
        if (wanted != null && (wanted < 1 || wanted > COUNT_MAX)) {
            throw new IllegalArgumentException("--count is 1 to " + COUNT_MAX + ".");
        }
        if (file == null) {
            String each = one == null ? "" : new MemberId(one).value();
            return Collections.nCopies(wanted == null ? 1 : wanted, each);
        }
        if (Files.size(file) > LIST_BYTES_MAX) {
            throw new IllegalArgumentException(file + " is far too long to be a list of members.");
        }
        List<String> listed =
                Files.readAllLines(file).stream()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .map(line -> new MemberId(line).value())
                        .toList();
        if (listed.isEmpty() || listed.size() > COUNT_MAX) {
            throw new IllegalArgumentException(
                    file + " must name 1 to " + COUNT_MAX + " members, one a line.");
        }
        if (wanted != null && wanted > listed.size()) {
            throw new IllegalArgumentException(
                    file + " names " + listed.size() + " members; that is too few for --count.");
        }
        return wanted == null ? listed : listed.subList(0, wanted);
    }

    private Register register() throws IOException {
        URI address = hub;
        Path token = tokenFile;
        if (address != null && token != null) {
            return HubRegister.open(address, token);
        }
        if (address != null || token != null) {
            throw new IllegalArgumentException("--hub and --token-file go together.");
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(Registration.CSV_HEADER);
        return card -> {
            out.println(card.csv());
            out.flush();
            return "to be registered later";
        };
    }
}
