package org.hourtap.device.cards;

import java.util.concurrent.Callable;
import org.hourtap.device.TerminalMain;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `cards`: making cards and looking at them, at a desk and not at a door.
@Command(
        name = "cards",
        mixinStandardHelpOptions = true,
        description = "Makes cards, shows what is on one, and keeps the card master keys.",
        subcommands = {PersonaliseCommand.class, ShowCommand.class, KeysCommand.class})
@SuppressWarnings("NullAway.Init") // fields are set by picocli before call()
public final class CardsCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return TerminalMain.EXIT_USAGE;
    }
}
