package org.hourtap.simulator.life;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.hourtap.card.testing.VirtualDesfire;
import org.hourtap.contract.FeedRow;
import org.hourtap.contract.FeedRow.CardRow;
import org.hourtap.contract.FeedRow.PolicyRow;
import org.hourtap.contract.TapEvent;
import org.hourtap.device.sqlite.DeskStore;
import org.hourtap.simulator.life.Truth.Tap;
import org.hourtap.tap.Cue;
import org.hourtap.tap.JournalPosition;
import org.hourtap.tap.Standing;
import org.hourtap.tap.StoreException;
import org.jspecify.annotations.Nullable;

/// Looks at everything after every step: what people were told against what was written down, and
/// what was written down against the books.
final class Auditor {
    private final World world;
    private final BookAudit books;
    private final WelcomeAudit welcomes;
    private @Nullable Presentation now;

    /// A card in front of a terminal, and what came of it so far.
    static final class Presentation {
        final SimTerminal terminal;
        final SimCard card;

        /// What the terminal knew before it was asked; absent if it could not say.
        final @Nullable Standing known;

        final boolean couldKnow;
        final List<Tap> written = new ArrayList<>();
        @Nullable Cue cue;

        Presentation(
                SimTerminal terminal, SimCard card, @Nullable Standing known, boolean couldKnow) {
            this.terminal = terminal;
            this.card = card;
            this.known = known;
            this.couldKnow = couldKnow;
        }
    }

    Auditor(World world) {
        this.world = world;
        this.books = new BookAudit(world);
        this.welcomes = new WelcomeAudit(world);
    }

    BookAudit books() {
        return books;
    }

    /// Someone holds a card to a terminal.
    void begins(SimTerminal terminal, SimCard card) {
        world.truth().news();
        Standing known = known(terminal, card);
        now = new Presentation(terminal, card, known, couldKnow(terminal, card, known));
    }

    private @Nullable Standing known(SimTerminal terminal, SimCard card) {
        try {
            DeskStore store = terminal.store();
            return store == null ? null : store.standing(card.id(), false);
        } catch (StoreException e) {
            return null;
        }
    }

    /// Whether this terminal has all it takes to let this card in: the hub says there are hours,
    /// the terminal has heard it, and nothing is under way that would change it.
    private boolean couldKnow(SimTerminal terminal, SimCard card, @Nullable Standing standing) {
        if (!card.isGenuine() || !world.hub().isUp() || !terminal.link().isConnected()) {
            return false;
        }
        CardRow said = books.row(card.id());
        return standing != null
                && standing.card() != null
                && said != null
                && standing.card().row().equals(said)
                && standing.profile() != null
                && said.status() == FeedRow.Status.ACTIVE
                && !hasNews(card, said)
                && world.isQuiet(card.member());
    }

    /// Whether the card counts a tap of which the hub has not heard: one that its terminal closed
    /// as torn costs hours on the card until some terminal has told the hub of it.
    private static boolean hasNews(SimCard card, CardRow said) {
        return card.carriesTaps()
                && card.chip() instanceof VirtualDesfire chip
                && LongStream.rangeClosed(said.counter() + 1, chip.counter())
                        .anyMatch(tap -> !said.contains(tap));
    }

    /// A terminal shows something.
    void shown(SimTerminal terminal, Cue cue) {
        world.coverage().seen("cue " + cue.kind() + (cue.again() ? " again" : ""));
        Presentation present = now;
        if (present == null || present.terminal != terminal) {
            if (isGreen(cue)) {
                throw new Violation(Rule.LIGHT_BEFORE_COMMIT, terminal.id() + " welcomes nobody");
            }
            return;
        }
        present.written.addAll(world.truth().news());
        present.cue = cue;
        if (isGreen(cue)) {
            welcomed(present, cue);
        }
    }

    private void welcomed(Presentation present, Cue cue) {
        SimCard card = present.card;
        if (!card.isGenuine()) {
            throw new Violation(Rule.CLONE_WELCOMED, "a copy of " + card.id());
        }
        if (cue.again()) {
            Tap earlier =
                    world.truth()
                            .lastWelcome(present.terminal.id(), card.id())
                            .orElseThrow(() ->
                                    new Violation(Rule.REPEAT_OF_NOTHING, card.id().toString()));
            world.truth().green(earlier);
            return;
        }
        Tap tap =
                present.written.stream()
                        .filter(Tap::isWelcomed)
                        .filter(one -> one.event.card().equals(card.id()))
                        .findFirst()
                        .orElseThrow(() ->
                                new Violation(
                                        Rule.LIGHT_BEFORE_COMMIT,
                                        present.terminal.id()
                                                + " had nothing on disk for "
                                                + card.id()));
        welcomes.look(present, tap);
        world.truth().green(tap);
        world.coverage()
                .seen("welcome " + tap.event.kind() + (tap.event.offline() ? " offline" : ""));
    }

    /// @return the newest tap of which the terminal knows that it is in the books
    static long acknowledged(SimTerminal terminal) {
        try {
            DeskStore store = terminal.store();
            return store == null ? 0 : store.position().acknowledged();
        } catch (StoreException e) {
            return 0;
        }
    }

    /// The card has left.
    ///
    /// @return what the person saw; absent if the machine stopped or showed nothing
    @Nullable Cue ends() {
        Presentation present = now;
        now = null;
        if (present == null) {
            throw new IllegalStateException("nobody was there");
        }
        present.written.addAll(world.truth().news());
        Cue cue = present.cue;
        for (Tap tap : present.written) {
            world.coverage().seen(coverageOf(tap));
            if (tap.isWelcomed() && !tap.isGreen) {
                if (!present.terminal.isDead()) {
                    throw new Violation(
                            Rule.CHARGED_FOR_NOTHING,
                            tap.event
                                    + " at "
                                    + tap.terminal
                                    + ", shown: "
                                    + cue
                                    + ", written: "
                                    + present.written.size());
                }
                tap.isCutShort = true;
            }
        }
        if (!present.terminal.isDead() && cue != null && cue.kind() == Cue.Kind.PLEASE_ASK) {
            refused(present);
        }
        return cue;
    }

    private static String coverageOf(Tap tap) {
        TapEvent event = tap.event;
        String reason = event.reason() == null ? "" : " " + event.reason();
        return "tap " + event.kind() + reason + (tap.isDoubt ? " in doubt" : "");
    }

    private void refused(Presentation present) {
        Standing known = present.known;
        boolean isKnown = known != null && known.card() != null && known.profile() != null;
        if (!present.card.isGenuine()
                || !isKnown
                || known == null
                || known.card() == null
                || known.profile() == null) {
            return;
        }
        String reason =
                present.written.isEmpty()
                        ? ""
                        : String.valueOf(present.written.getLast().event.reason());
        if (reason.equals("CARD_TURNED_BACK") && world.wasTurnedBack(present.card)) {
            return;
        }
        if (reason.equals("NOT_GENUINE")) {
            if (present.terminal.isOut()) {
                return; // nobody brings it new keys
            }
            throw new Violation(
                    Rule.GENUINE_REFUSED, present.card.id() + " at " + present.terminal.id());
        }
        if (present.terminal.mode() == FeedRow.Mode.SHIFT) {
            throw new Violation(
                    Rule.EARNING_REFUSED,
                    present.card.id() + " at " + present.terminal.id() + ": " + reason);
        }
        long price = known.profile().price().minutes();
        PolicyRow policy = known.policy();
        long limit = Math.min(policy.offlineLimit().minutes(), policy.carriedLimit().minutes());
        boolean isLimited = reason.equals("OFFLINE_LIMIT") && limit < price;
        if (present.couldKnow && !isLimited && known.card().available() >= price) {
            throw new Violation(
                    Rule.REFUSED_WRONGLY,
                    present.card.id()
                            + " with "
                            + known.card().available()
                            + " minutes at "
                            + present.terminal.id()
                            + ": "
                            + reason);
        }
    }

    /// The hub has written.
    void booksChanged() {
        books.look();
    }

    /// Everything is up and nothing is under way: the end of a life.
    void settle() {
        books.settle();
        for (SimTerminal terminal : world.terminals()) {
            delivered(terminal);
        }
    }

    private void delivered(SimTerminal terminal) {
        DeskStore store = terminal.store();
        if (store == null) {
            throw new Violation(Rule.NOT_DELIVERED, terminal.id() + " is not up");
        }
        try {
            JournalPosition position = store.position();
            // After damage its numbers go on further on, and nothing stands for those between.
            if (!store.after(position.acknowledged(), 1).isEmpty()) {
                throw new Violation(Rule.NOT_DELIVERED, terminal.id() + " is at " + position);
            }
            if (!store.doubts().isEmpty()) {
                throw new Violation(
                        Rule.NOT_DELIVERED, terminal.id() + " doubts " + store.doubts());
            }
            List<FeedRow> own = books.rows(terminal.id());
            for (CardRow row : books.rows()) {
                Standing standing = store.standing(row.card(), true);
                if (standing.card() == null || !standing.card().row().equals(row)) {
                    throw new Violation(
                            Rule.CACHE_DIFFERS,
                            terminal.id() + " has " + standing.card() + ", the hub " + row);
                }
                for (FeedRow said : own) {
                    if (!said.equals(standing.profile()) && !said.equals(standing.policy())) {
                        throw new Violation(
                                Rule.CACHE_DIFFERS,
                                terminal.id() + " goes by " + standing + ", the hub said " + said);
                    }
                }
            }
        } catch (StoreException e) {
            throw new Violation(Rule.NOT_DELIVERED, terminal.id() + ": " + e.getMessage());
        }
    }

    static boolean isGreen(Cue cue) {
        return switch (cue.kind()) {
            case WELCOME, SHIFT_STARTED, SHIFT_ENDED -> true;
            case READY, PLEASE_ASK, HOLD_AGAIN, OUT_OF_SERVICE -> false;
        };
    }
}
