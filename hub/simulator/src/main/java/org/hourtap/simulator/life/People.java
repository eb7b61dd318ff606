package org.hourtap.simulator.life;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hourtap.card.testing.VirtualCard;
import org.hourtap.card.testing.VirtualDesfire;
import org.hourtap.card.testing.VirtualNtag;
import org.hourtap.contract.CardId;
import org.hourtap.contract.FeedRow.Mode;
import org.hourtap.contract.MemberId;
import org.hourtap.contract.TapEvent.Proof;
import org.hourtap.server.cards.Card;
import org.hourtap.server.cards.CardRegister;
import org.hourtap.server.cards.Member;
import org.hourtap.tap.Cue;
import org.jspecify.annotations.Nullable;

/// Members and volunteers with their cards and habits: they tap, tap twice, pull the card too
/// early, forget to tap out, and come back after weeks.
final class People {
    private static final int MEMBERS_MIN = 2;
    private static final int MEMBERS_MAX = 6;

    /// Some places are busier than others.
    private static final int VISITS_A_DAY_MAX = 5;

    private static final double LEAVES_EARLY = 0.15;
    private static final double TAPS_TWICE = 0.10;

    /// Someone who brings a family taps for each of them.
    private static final double BRINGS_OTHERS = 0.15;

    private static final int OTHERS_MAX = 5;
    private static final double FORGETS = 0.10;
    private static final double COPIES = 0.01;
    private static final double TURNS_BACK = 0.01;

    /// A tap of a card that carries its taps has at most about 13 commands, two moments each.
    private static final int MOMENTS_MAX = 26;

    /// Whoever is asked to hold the card again does so, mostly.
    private static final double TRIES_AGAIN = 0.85;

    private static final int TRIES_MAX = 5;

    private final World world;
    private final Map<CardId, SimCard> cards = new LinkedHashMap<>();
    private final List<SimCard> inUse = new ArrayList<>();
    private final Map<CardId, VirtualDesfire.Image> images = new HashMap<>();
    private final Map<CardId, Boolean> turnedBack = new HashMap<>();
    private final Habits habits;
    private final int visitsADayMax;

    People(World world) {
        this.world = world;
        this.visitsADayMax = world.chance().between(1, VISITS_A_DAY_MAX);
        this.habits = new Habits(world, this);
    }

    /// Members are registered and given cards and something to start with.
    void join() {
        int members = world.chance().between(MEMBERS_MIN, MEMBERS_MAX);
        for (int i = 0; i < members; i++) {
            MemberId member = new MemberId("m" + (i + 1));
            SimCard card = card(member);
            world.hub()
                    .write(writing -> {
                        CardRegister.register(writing, World.BOOK, new Member(member, "Ann", "cy"));
                        CardRegister.issue(
                                writing,
                                World.BOOK,
                                Card.fresh(card.id(), member, card.proof(), null));
                        return true;
                    });
            world.operators().give(member, world.chance().between(60, 600));
            inUse.add(card);
        }
    }

    SimCard card(CardId card) {
        SimCard known = cards.get(card);
        if (known == null) {
            throw new IllegalStateException("a card nobody has: " + card);
        }
        return known;
    }

    MemberId memberOf(CardId card) {
        return card(card).member();
    }

    boolean isOurs(CardId card) {
        return cards.containsKey(card);
    }

    boolean wasTurnedBack(SimCard card) {
        return turnedBack.containsKey(card.id());
    }

    List<SimCard> cards() {
        return inUse;
    }

    /// @return the cards of this member that were ever made
    List<SimCard> cardsOf(MemberId member) {
        return cards.values().stream().filter(card -> card.member().equals(member)).toList();
    }

    /// Someone has this card now.
    void gets(SimCard card) {
        if (!inUse.contains(card)) {
            inUse.add(card);
        }
    }

    /// Nobody has it any more.
    void loses(SimCard card) {
        if (inUse.size() > 1) {
            inUse.remove(card);
        }
    }

    /// @return a card for this member that nobody has yet
    SimCard card(MemberId member) {
        byte[] uid = new byte[7];
        world.chance().random().nextBytes(uid);
        uid[0] = 0x04;
        uid[3] = (byte) (uid[3] & 0x7f);
        double kind = world.chance().random().nextDouble();
        VirtualDesfire.Builder desfire =
                world.locksmith().desfire(uid).seed(world.chance().random().nextLong());
        VirtualCard chip;
        Proof proof;
        if (kind < 0.7) {
            chip = desfire.build();
            proof = Proof.DESFIRE_EV2;
        } else if (kind < 0.8) {
            chip = desfire.ev1Only().build();
            proof = Proof.DESFIRE_EV1;
        } else if (kind < 0.9) {
            chip = VirtualNtag.with(uid, world.locksmith().firstMaster());
            proof = Proof.NTAG_424;
        } else {
            chip = desfire.notADesfire().build();
            proof = Proof.UID_ONLY;
        }
        CardId id = new CardId(java.util.HexFormat.of().withUpperCase().formatHex(uid));
        SimCard card = new SimCard(id, member, chip, proof, true);
        cards.put(id, card);
        return card;
    }

    private SimCard copyOf(SimCard card) {
        VirtualCard chip =
                world.locksmith()
                        .desfire(card.chip().uid())
                        .seed(world.chance().random().nextLong())
                        .clonedWithoutTheKey()
                        .build();
        return new SimCard(card.id(), card.member(), chip, card.proof(), false);
    }

    /// Puts a day's visits on the agenda.
    void planDay(long morning) {
        habits.planDay(morning);
        int visits = world.chance().between(1, visitsADayMax);
        for (int i = 0; i < visits; i++) {
            long when = morning + world.chance().upTo(14 * Agenda.HOUR);
            SimCard card = world.chance().of(inUse);
            boolean works = world.chance().is(0.4);
            world.agenda()
                    .at(
                            when,
                            () -> {
                                if (habits.isAway(card)) {
                                    return;
                                }
                                if (works) {
                                    work(card);
                                } else {
                                    enter(card, door(Mode.ENTRANCE));
                                }
                            });
        }
    }

    SimTerminal door(Mode mode) {
        return world.chance()
                .of(world.terminals().stream().filter(one -> one.mode() == mode).toList());
    }

    private void enter(SimCard card, SimTerminal terminal) {
        visit(card, terminal, TRIES_MAX);
        if (world.chance().is(BRINGS_OTHERS)) {
            int others = world.chance().between(1, OTHERS_MAX);
            for (int i = 1; i <= others; i++) {
                long wait = i * world.chance().between(40 * Agenda.SECOND, 2 * Agenda.MINUTE);
                world.agenda().after(wait, () -> visit(card, terminal, TRIES_MAX));
            }
        }
    }

    private void work(SimCard card) {
        visit(card, door(Mode.SHIFT), TRIES_MAX);
        if (!world.chance().is(FORGETS)) {
            long length = world.chance().between(10 * Agenda.MINUTE, 6 * Agenda.HOUR);
            world.agenda().after(length, () -> visit(another(card), door(Mode.SHIFT), TRIES_MAX));
        }
    }

    /// Whoever has two cards takes the one that comes to hand.
    private SimCard another(SimCard card) {
        List<SimCard> own =
                inUse.stream().filter(one -> one.member().equals(card.member())).toList();
        return own.size() > 1 ? world.chance().of(own) : card;
    }

    /// Someone stands at a door, and again if asked to.
    void visit(SimCard card, SimTerminal terminal, int tries) {
        if (world.chance().is(TURNS_BACK)) {
            turnBack(card);
        }
        if (world.chance().is(COPIES) && card.proof() != Proof.UID_ONLY) {
            present(copyOf(card), terminal);
            return;
        }
        Cue cue = present(card, terminal);
        boolean wantsAgain =
                cue == null
                        || cue.kind() == Cue.Kind.HOLD_AGAIN
                        || cue.kind() == Cue.Kind.OUT_OF_SERVICE;
        if (wantsAgain && tries > 0 && world.chance().is(TRIES_AGAIN)) {
            boolean isElsewhere = world.chance().is(0.1);
            SimTerminal next = isElsewhere ? door(terminal.mode()) : terminal;
            long wait = world.chance().between(Agenda.SECOND, 4 * Agenda.SECOND);
            world.agenda().after(wait, () -> visit(card, next, tries - 1));
        } else if (world.chance().is(TAPS_TWICE)) {
            long wait = world.chance().between(Agenda.SECOND, 20 * Agenda.SECOND);
            world.agenda().after(wait, () -> present(card, terminal));
        }
    }

    private @Nullable Cue present(SimCard card, SimTerminal terminal) {
        if (!terminal.isUp()) {
            world.tell(card.member().value(), "finds " + terminal.id() + " dark");
            return null;
        }
        int leavesAt =
                world.chance().is(LEAVES_EARLY)
                        ? world.chance().between(1, MOMENTS_MAX)
                        : SimChannel.STAYS;
        world.mishaps().maybeDuringTap(terminal);
        world.auditor().begins(terminal, card);
        card.chip().reset();
        terminal.present(new SimChannel(card.chip(), terminal, leavesAt));
        Cue cue = world.auditor().ends();
        world.tell(
                card.member().value(),
                "at "
                        + terminal.id()
                        + (leavesAt == SimChannel.STAYS ? "" : ", leaving early,")
                        + " sees "
                        + (cue == null ? "nothing" : cue.kind() + (cue.again() ? " again" : "")));
        terminal.fuse().putOut();
        return cue;
    }

    /// Someone restores an older image onto a card that carries its taps, or keeps one for later.
    private void turnBack(SimCard card) {
        if (!(card.chip() instanceof VirtualDesfire chip) || !card.carriesTaps()) {
            return;
        }
        VirtualDesfire.Image kept = images.remove(card.id());
        if (kept == null) {
            images.put(card.id(), chip.snapshot());
            return;
        }
        world.tell(card.member().value(), "turns card " + card.id() + " back");
        turnedBack.put(card.id(), true);
        chip.restore(kept);
    }
}
