package org.hourtap.device.cards;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.hourtap.card.AesKey;
import org.hourtap.card.CardLayout;
import org.hourtap.device.TerminalMain;
import org.hourtap.runtime.SystemTime;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `cards keys`: the file with a scheme's card master keys, and the parts of it that terminals and
/// hub get. Keys are never printed.
@Command(
        name = "keys",
        mixinStandardHelpOptions = true,
        description = "Makes the file with the card master keys, and parts of it to hand out.")
@SuppressWarnings("NullAway.Init") // fields are set by picocli before call()
final class KeysCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    /// What writes a file of keys.
    @FunctionalInterface
    private interface Writing {
        String write() throws IOException;
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return TerminalMain.EXIT_USAGE;
    }

    @Command(
            name = "new",
            mixinStandardHelpOptions = true,
            description = "Makes a scheme's first keys: random, readable by their owner only.")
    int make(@Parameters(paramLabel = "FILE", description = "A new file.") Path file) {
        return told(() -> {
            try (KeyFile keys = KeyFile.random(KeysCommand::randomKey)) {
                keys.writeNew(
                        file,
                        """
                        All card master keys of a scheme: NUMBER.VERSION = 32 hexadecimal digits.
                        0 hub, 1 spend, 2 settle, 3 read, 4 spare, 15 transaction MAC.
                        Whoever reads this can make cards. Keep a copy on paper in a safe.\
                        """);
            }
            return file
                    + " holds the scheme's new card keys. Without it no card can be made, mended or"
                    + " rolled: keep a copy in a safe, and no copy at a door.";
        });
    }

    @Command(
            name = "add-version",
            mixinStandardHelpOptions = true,
            description = {
                "Adds the next version of one key, such as 1 after a terminal was stolen.",
                "Cards move to a new spend key by themselves at their next taps, once the terminals"
                        + " have it too."
            })
    int addVersion(
            @Parameters(paramLabel = "FILE", description = "The file with all keys.") Path file,
            @Parameters(paramLabel = "NUMBER", description = "0 to 4.") int number) {
        if (number < 0 || number >= CardLayout.KEY_COUNT) {
            return wrong(
                    number == CardLayout.TMAC_KEY
                            ? "The key of the transaction MAC stays with a card for life, so there"
                                    + " are no further versions of it."
                            : "A card's keys are numbered 0 to 4, not " + number + ".");
        }
        return told(() -> {
            int version = KeyFile.addVersion(file, number, KeysCommand::randomKey);
            String added = file + " now holds version " + version + " of key " + number + ". ";
            return number == CardLayout.SPEND_KEY
                    ? added
                            + "Give every terminal its new part (cards keys for-terminal) before a"
                            + " card is made with it."
                    : added + "It is for cards that are made from now on.";
        });
    }

    @Command(
            name = "for-terminal",
            mixinStandardHelpOptions = true,
            description = "Writes what a terminal gets: the spend key in all its versions.")
    int forTerminal(
            @Parameters(paramLabel = "FILE", description = "The file with all keys.") Path file,
            @Parameters(paramLabel = "OUT", description = "A new file.") Path out) {
        return extract(file, out, CardLayout.SPEND_KEY, "A terminal's card keys: spend only.");
    }

    @Command(
            name = "for-hub",
            mixinStandardHelpOptions = true,
            description = "Writes what the hub gets: the key of the transaction MAC.")
    int forHub(
            @Parameters(paramLabel = "FILE", description = "The file with all keys.") Path file,
            @Parameters(paramLabel = "OUT", description = "A new file.") Path out) {
        return extract(file, out, CardLayout.TMAC_KEY, "The hub's card key: transaction MAC only.");
    }

    private int extract(Path file, Path out, int number, String comment) {
        return told(() -> {
            try (KeyFile all = KeyFile.read(file);
                    KeyFile part = all.only(number)) {
                if (part.keys().isEmpty()) {
                    throw new IllegalArgumentException(file + " holds no key " + number);
                }
                part.writeNew(out, comment);
                return out + " holds " + part.keys().keySet() + " and nothing else.";
            }
        });
    }

    private int told(Writing writing) {
        try {
            spec.commandLine().getOut().println(writing.write());
            return 0;
        } catch (FileAlreadyExistsException e) {
            return wrong(
                    e.getFile() + " exists already. Keys are never overwritten: name another.");
        } catch (NoSuchFileException e) {
            return wrong("There is no " + e.getFile() + ".");
        } catch (IllegalArgumentException e) {
            return wrong(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return wrong("That file cannot be used: " + e.getMessage());
        }
    }

    private int wrong(String sentence) {
        spec.commandLine().getErr().println(sentence);
        return TerminalMain.EXIT_USAGE;
    }

    private static byte[] randomKey() {
        return SystemTime.randomBytes(AesKey.LENGTH);
    }
}
