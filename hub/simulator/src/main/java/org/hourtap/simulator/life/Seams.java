package org.hourtap.simulator.life;

import org.hourtap.card.KeyRing;
import org.hourtap.contract.FeedPage;
import org.hourtap.contract.Message;
import org.hourtap.contract.TerminalId;
import org.hourtap.device.sqlite.DeskStore;
import org.hourtap.server.books.Bookkeeper;
import org.hourtap.tap.Signals;

/// The places where one part of the product hands over to the next. A life as it is passes
/// everything on unchanged; tests put bugs here, to see that the auditor finds them.
interface Seams {
    /// Nothing is changed.
    Seams GENUINE = new Seams() {};

    /// @param store what the terminal's desk writes to
    default DeskStore store(TerminalId terminal, DeskStore store) {
        return store;
    }

    default Signals signals(TerminalId terminal, Signals signals) {
        return signals;
    }

    default Message.Upward up(TerminalId terminal, Message.Upward message) {
        return message;
    }

    default FeedPage down(TerminalId terminal, FeedPage page) {
        return page;
    }

    /// @param keys the key file that a terminal is given
    default KeyRing keys(TerminalId terminal, KeyRing keys) {
        return keys;
    }

    /// @return how likely it is, each day, that something befalls a whole machine
    default double fates() {
        return Fates.A_DAY;
    }

    /// @return whether there may be an office
    default boolean hasOffice() {
        return true;
    }

    /// @param command what the office wants done at the hub
    default Bookkeeper.Command<Boolean> order(Bookkeeper.Command<Boolean> command) {
        return command;
    }

    /// A hub has started, its books are open.
    default void started(SimHub hub) {}
}
