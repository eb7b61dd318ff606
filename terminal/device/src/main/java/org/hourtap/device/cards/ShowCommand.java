package org.hourtap.device.cards;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.hourtap.card.Authenticated;
import org.hourtap.card.CardChannel;
import org.hourtap.card.CardIdentifier;
import org.hourtap.card.CardJournal;
import org.hourtap.card.CardLostException;
import org.hourtap.card.CardRefusedException;
import org.hourtap.card.MasterKeys;
import org.hourtap.contract.CardRecord;
import org.hourtap.device.TerminalMain;
import org.hourtap.runtime.SystemTime;
import org.hourtap.tap.CardReader;
import org.hourtap.tap.ReaderException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `cards show`: what lies on the reader. Only reads.
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "Shows which card lies on the reader, what it proves, and its last taps.")
@SuppressWarnings("NullAway.Init") // fields are set by picocli before call()
final class ShowCommand implements Callable<Integer> {
    /// As long as it takes to find the card in the bag.
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration SLICE = Duration.ofMillis(500);

    @Option(
            names = "--keys",
            required = true,
            paramLabel = "FILE",
            description = "A file with the spend key; a terminal's card.keys will do.")
    private Path keyFile;

    @Mixin private ReaderOptions readerOptions;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        try (KeyFile keys = KeyFile.read(keyFile);
                MasterKeys masters = new MasterKeys(keys.keys());
                CardReader reader = readerOptions.open()) {
            CardIdentifier identifier = new CardIdentifier(masters, SystemTime::randomBytes);
            err.println("Lay the card on the reader.");
            Optional<CardChannel> card = await(reader);
            if (card.isPresent()) {
                show(identifier, card.get());
                return 0;
            }
            err.println("No card came within " + PATIENCE.toSeconds() + " seconds.");
            return 1;
        } catch (CardLostException e) {
            err.println("The card was lost on the way. Hold it again, a little longer.");
            return 1;
        } catch (CardRefusedException e) {
            err.println(
                    "The card says it is of this scheme and cannot prove it: "
                            + e.getMessage()
                            + ". It is a copy, was made with other keys, or was not finished.");
            return 1;
        } catch (NoSuchFileException e) {
            err.println("There is no " + e.getFile() + ".");
        } catch (ReaderException | IOException | IllegalArgumentException e) {
            err.println(e.getMessage());
        }
        return TerminalMain.EXIT_USAGE;
    }

    private static Optional<CardChannel> await(CardReader reader)
            throws ReaderException, InterruptedException {
        long slices = PATIENCE.dividedBy(SLICE);
        Optional<CardChannel> card = Optional.empty();
        for (long i = 0; i < slices && card.isEmpty(); i++) {
            card = reader.awaitCard(SLICE);
        }
        return card;
    }

    private void show(CardIdentifier identifier, CardChannel card)
            throws CardLostException, CardRefusedException {
        PrintWriter out = spec.commandLine().getOut();
        try (Authenticated proved = identifier.identify(card)) {
            out.println("Card " + proved.uid());
            out.println(CardStory.proof(proved.cardClass()));
            if (proved.journal().isPresent()) {
                CardJournal journal = proved.journal().get();
                long counter = journal.counter().value();
                int count = (int) Math.min(counter, CardJournal.CAPACITY);
                List<CardRecord> newest = count == 0 ? List.of() : journal.newest(count);
                CardStory.taps(counter, newest, ZoneId.systemDefault()).forEach(out::println);
            }
        }
    }
}
