package org.hourtap.simulator.life;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.hourtap.card.CardLayout;
import org.hourtap.card.KeyName;
import org.hourtap.card.MasterKeys;
import org.hourtap.card.testing.VirtualDesfire;
import org.hourtap.contract.ActivityId;
import org.hourtap.contract.BookId;
import org.hourtap.contract.Credits;
import org.hourtap.contract.FeedRow.Mode;
import org.hourtap.contract.FeedRow.PolicyRow;
import org.hourtap.contract.MemberId;
import org.hourtap.contract.TerminalId;
import org.hourtap.contract.VenueId;
import org.hourtap.server.cards.MasterMacs;
import org.hourtap.server.cards.Scheme;
import org.hourtap.server.fleet.Activity;
import org.hourtap.server.fleet.Fleet;
import org.hourtap.server.fleet.Terminal;
import org.hourtap.server.fleet.Venue;
import org.hourtap.simulator.life.Truth.Tap;
import org.hourtap.simulator.power.Fate;
import org.hourtap.simulator.power.SimDisk;
import org.hourtap.tap.StoreException;

/// One deployment: a hub, some doors, and everything between them.
final class World {
    static final BookId BOOK = new BookId("barry");
    static final ActivityId SWIM = new ActivityId("swim");
    static final ActivityId COOK = new ActivityId("cook");
    static final VenueId VENUE = new VenueId("pool");

    /// Shifts count in blocks of so many minutes.
    static final int ROUND_UP = 15;

    static final PolicyRow POLICY = new PolicyRow(30, new Credits(120), new Credits(240));

    private static final long PRICE = 60;

    /// Monday morning, 5 January 2026.
    private static final long BEGINNING = 1_767_596_400L * Agenda.SECOND;

    private static final int ENTRANCES = 2;
    private static final int KIOSKS = 2;

    private final Chance chance;
    private final Agenda agenda = new Agenda(BEGINNING);
    private final Trace trace;
    private final Truth truth = new Truth(agenda);
    private final Coverage coverage = new Coverage();
    private final Seams seams;
    private final MasterKeys terminalKeys;
    private final MasterKeys hubKeys;
    private final byte[] cardMaster;
    private final SimHub hub;
    private final List<SimTerminal> terminals = new ArrayList<>();
    private final List<SimDisk> disks = new ArrayList<>();
    private final Set<SimDisk> full = new HashSet<>();
    private final Auditor auditor;
    private final Mishaps mishaps;
    private final Wear wear;

    World(long seed, Path folder, Seams seams, Consumer<String> lines) throws IOException {
        this.chance = new Chance(seed);
        this.trace = new Trace(agenda, lines);
        this.seams = seams;
        this.cardMaster = "simulated master".getBytes(StandardCharsets.US_ASCII);
        this.terminalKeys = MasterKeys.forSpending(cardMaster);
        this.hubKeys =
                new MasterKeys(
                        Map.of(
                                new KeyName(CardLayout.TMAC_KEY, 0),
                                VirtualDesfire.testMaster(cardMaster, CardLayout.TMAC_KEY)));
        this.auditor = new Auditor(this);
        this.mishaps = new Mishaps(this);
        this.wear = new Wear(this, seed);
        Path hubFolder = Files.createDirectory(folder.resolve("hub"));
        this.hub = new SimHub(this, hubFolder, disk(hubFolder), new MasterMacs(hubKeys));
        for (int i = 0; i < ENTRANCES + KIOSKS; i++) {
            boolean isEntrance = i < ENTRANCES;
            String name = isEntrance ? "door-" + (i + 1) : "kiosk-" + (i + 1 - ENTRANCES);
            Path own = Files.createDirectory(folder.resolve(name));
            terminals.add(
                    new SimTerminal(
                            this,
                            new TerminalId(name),
                            isEntrance ? Mode.ENTRANCE : Mode.SHIFT,
                            own,
                            disk(own),
                            terminalKeys));
        }
    }

    private SimDisk disk(Path folder) throws IOException {
        SimDisk disk = SimDisk.in(folder);
        disks.add(disk);
        return disk;
    }

    /// Everything is set up and switched on.
    void begin() throws Exception {
        hub.start();
        hub.write(writing -> {
            writing.books().openBook(BOOK, "Barry time bank");
            Scheme.takeUidCards(writing, BOOK, true);
            Fleet.put(writing, BOOK, new Venue(VENUE, "Barry Pool"));
            Fleet.put(
                    writing,
                    BOOK,
                    new Activity(SWIM, "Swimming", Activity.Kind.SPEND, new Credits(PRICE), 1));
            Fleet.put(
                    writing,
                    BOOK,
                    new Activity(COOK, "Cooking", Activity.Kind.SHIFT, Credits.NONE, ROUND_UP));
            for (SimTerminal terminal : terminals) {
                Fleet.put(writing, BOOK, row(terminal));
            }
            return true;
        });
        for (SimTerminal terminal : terminals) {
            terminal.start(true);
        }
    }

    private static Terminal row(SimTerminal terminal) {
        return new Terminal(
                terminal.id(),
                VENUE,
                terminal.mode(),
                terminal.mode() == Mode.ENTRANCE ? SWIM : COOK,
                "en",
                POLICY,
                false,
                null,
                0);
    }

    /// Everything stops in good order.
    void end() {
        terminals.forEach(SimTerminal::stop);
        hub.stop();
        disks.forEach(SimDisk::close);
        terminalKeys.close();
        hubKeys.close();
    }

    Chance chance() {
        return chance;
    }

    Agenda agenda() {
        return agenda;
    }

    Trace trace() {
        return trace;
    }

    Truth truth() {
        return truth;
    }

    Coverage coverage() {
        return coverage;
    }

    Seams seams() {
        return seams;
    }

    SimHub hub() {
        return hub;
    }

    List<SimTerminal> terminals() {
        return terminals;
    }

    SimTerminal terminal(TerminalId id) {
        return terminals.stream().filter(one -> one.id().equals(id)).findFirst().orElseThrow();
    }

    Auditor auditor() {
        return auditor;
    }

    Mishaps mishaps() {
        return mishaps;
    }

    Wear wear() {
        return wear;
    }

    byte[] cardMaster() {
        return cardMaster.clone();
    }

    long price() {
        return PRICE;
    }

    void tell(String who, String what) {
        trace.tell(who, what);
    }

    /// Whether every tap of this member, wherever, is in the books.
    boolean isQuiet(MemberId member) {
        return terminals.stream()
                .allMatch(terminal ->
                        terminal.isUp()
                                && truth.of(terminal.id()).stream()
                                        .allMatch(tap -> !isOf(tap, member) || isPosted(tap)));
    }

    private boolean isOf(Tap tap, MemberId member) {
        return mishaps.people().memberOf(tap.event.card()).equals(member);
    }

    private boolean isPosted(Tap tap) {
        return tap.event.sequence() <= auditor.acknowledged(tap.terminal);
    }

    /// Whether someone gave this card an earlier state back.
    boolean wasTurnedBack(SimCard card) {
        return mishaps.people().wasTurnedBack(card);
    }

    /// Whether a terminal has something to do that is not done at once.
    boolean isBusy(SimTerminal terminal) {
        try {
            return terminal.isUp() && !terminal.doubts().isEmpty();
        } catch (StoreException e) {
            return true;
        }
    }

    void terminalDied(SimTerminal terminal) {
        mishaps.powerIsGone(terminal);
    }

    void hubDied() {
        mishaps.powerIsGoneAtHub();
    }

    /// A disk fills up, or has room again.
    void fill(SimDisk disk, boolean isNow) {
        disk.setFull(isNow);
        if (isNow) {
            full.add(disk);
        } else {
            full.remove(disk);
        }
    }

    /// Leaves a disk as it is after an accident.
    void settle(SimDisk disk, Fate fate) {
        try {
            disk.settle(chance.random(), fate);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isFull(SimDisk disk) {
        return full.contains(disk);
    }

    void unexpected(String where, Throwable failure, boolean isExcused) {
        if (!isExcused) {
            throw new Violation(Rule.UNEXPECTED_FAILURE, where + ": " + failure);
        }
    }
}
