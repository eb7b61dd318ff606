package org.hourtap.simulator.life;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.hourtap.contract.ActivityId;
import org.hourtap.contract.BookId;
import org.hourtap.contract.Credits;
import org.hourtap.contract.FeedRow.Mode;
import org.hourtap.contract.FeedRow.PolicyRow;
import org.hourtap.contract.MemberId;
import org.hourtap.contract.TerminalId;
import org.hourtap.contract.TransferId;
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

    /// What swimming costs at first, minutes.
    static final long PRICE = 60;

    /// Monday morning, 5 January 2026.
    private static final long BEGINNING = 1_767_596_400L * Agenda.SECOND;

    /// Of each kind a place has one or two: with one everybody meets there, with two they differ.
    private static final int ENTRANCES_MAX = 2;

    private static final int KIOSKS_MAX = 2;

    private final Chance chance;
    private final Agenda agenda = new Agenda(BEGINNING);
    private final Trace trace;
    private final Truth truth = new Truth(agenda);
    private final Coverage coverage = new Coverage();
    private final Seams seams;
    private final Path folder;
    private final Locksmith locksmith;
    private final SimHub hub;

    /// Those at the doors, whether they work or not.
    private final List<SimTerminal> terminals = new ArrayList<>();

    /// All there ever were.
    private final List<SimTerminal> machines = new ArrayList<>();

    private final List<SimDisk> disks = new ArrayList<>();
    private final Set<SimDisk> full = new HashSet<>();
    private final Auditor auditor;
    private final Mishaps mishaps;
    private final Wear wear;
    private final Operators operators;
    private final Office office;
    private final Fates fates;
    private boolean isOver;

    World(long seed, Path folder, Seams seams, Consumer<String> lines) throws IOException {
        this.chance = new Chance(seed);
        this.trace = new Trace(agenda, lines);
        this.seams = seams;
        this.folder = folder;
        this.locksmith = new Locksmith(this);
        this.auditor = new Auditor(this);
        this.mishaps = new Mishaps(this);
        this.wear = new Wear(this, seed);
        this.operators = new Operators(this);
        this.office = new Office(this, auditor.books().office(), seed);
        this.fates = new Fates(this);
        Path hubFolder = Files.createDirectory(folder.resolve("hub"));
        this.hub =
                new SimHub(this, hubFolder, disk(hubFolder), new MasterMacs(locksmith.hubKeys()));
        int entrances = chance.between(1, ENTRANCES_MAX);
        int kiosks = chance.between(1, KIOSKS_MAX);
        for (int i = 0; i < entrances + kiosks; i++) {
            boolean isEntrance = i < entrances;
            String name = isEntrance ? "door-" + (i + 1) : "kiosk-" + (i + 1 - entrances);
            terminals.add(machine(new TerminalId(name), isEntrance ? Mode.ENTRANCE : Mode.SHIFT));
        }
    }

    /// A machine that nobody has switched on yet.
    SimTerminal machine(TerminalId id, Mode mode) {
        try {
            Path own = Files.createDirectory(folder.resolve("machine-" + (machines.size() + 1)));
            SimTerminal made = new SimTerminal(this, id, mode, own, disk(own), locksmith.newest());
            machines.add(made);
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @return a name that no terminal had before
    TerminalId freshName(Mode mode) {
        String kind = mode == Mode.ENTRANCE ? "door-" : "kiosk-";
        return new TerminalId(kind + "new-" + (machines.size() + 1));
    }

    /// One more stands at a door.
    void add(SimTerminal terminal) {
        terminals.add(terminal);
    }

    /// Another one stands in its place.
    void replace(SimTerminal terminal, SimTerminal by) {
        terminals.set(terminals.indexOf(terminal), by);
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
            Scheme.takeUidCards(writing, BOOK, true);
            Fleet.put(writing, BOOK, new Venue(VENUE, "Barry Pool"));
            Fleet.put(writing, BOOK, swimming(PRICE));
            Fleet.put(
                    writing,
                    BOOK,
                    new Activity(
                            COOK,
                            "Cooking",
                            Activity.Kind.SHIFT,
                            Credits.NONE,
                            ROUND_UP,
                            office.approves()));
            office.begin(writing);
            for (SimTerminal terminal : terminals) {
                Fleet.put(writing, BOOK, row(terminal, POLICY));
            }
            return true;
        });
        for (SimTerminal terminal : terminals) {
            fates.join(terminal, () -> {});
            terminal.start(true);
        }
    }

    /// An id for what an operator orders now.
    TransferId mint(Chance chance) {
        return TransferId.mint(
                agenda.now() / 1_000, chance.random().nextLong(), chance.random().nextLong());
    }

    /// What the hub's register says of swimming.
    Activity swimming(long price) {
        Credits hours = new Credits(price);
        return new Activity(SWIM, "Swimming", Activity.Kind.SPEND, hours, 1, false, office.cash());
    }

    /// What the hub's register says of a terminal.
    static Terminal row(SimTerminal terminal, PolicyRow policy) {
        return new Terminal(
                terminal.id(),
                VENUE,
                terminal.mode(),
                terminal.mode() == Mode.ENTRANCE ? SWIM : COOK,
                "en",
                policy,
                false,
                null,
                0);
    }

    /// Everything stops in good order.
    void end() {
        machines.forEach(SimTerminal::stop);
        hub.stop();
        disks.forEach(SimDisk::close);
        locksmith.close();
    }

    /// From here on nothing new befalls anyone.
    void beginEnding() {
        isOver = true;
    }

    boolean isOver() {
        return isOver;
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

    /// @return the machine at a door that has this name
    Optional<SimTerminal> inService(TerminalId id) {
        return terminals.stream().filter(one -> one.id().equals(id)).findFirst();
    }

    /// @return how often someone's taps could begin anew, at doors for entering: every machine, and
    ///   every older copy of a disk
    long entrances() {
        return fates.restored()
                + machines.stream().filter(one -> one.mode() == Mode.ENTRANCE).count();
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

    Operators operators() {
        return operators;
    }

    Office office() {
        return office;
    }

    Fates fates() {
        return fates;
    }

    Locksmith locksmith() {
        return locksmith;
    }

    Path folder() {
        return folder;
    }

    void tell(String who, String what) {
        trace.tell(who, what);
    }

    /// Whether every tap of this member, wherever, is in the books.
    boolean isQuiet(MemberId member) {
        return terminals.stream().allMatch(SimTerminal::isUp)
                && truth.all().stream().allMatch(tap -> !isOf(tap, member) || isPosted(tap));
    }

    private boolean isOf(Tap tap, MemberId member) {
        return mishaps.people().memberOf(tap.event.card()).equals(member);
    }

    private boolean isPosted(Tap tap) {
        return tap.isGone()
                ? auditor.books().charged(tap) > 0
                : tap.event.sequence() <= Auditor.acknowledged(tap.machine);
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
