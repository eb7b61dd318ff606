package org.hourtap.simulator.life;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.hourtap.contract.BookId;
import org.hourtap.contract.EnrolmentCode;
import org.hourtap.contract.EnrolmentRequest;
import org.hourtap.contract.FeedPage;
import org.hourtap.contract.TerminalId;
import org.hourtap.contract.Topics;
import org.hourtap.runtime.NewerDatabaseException;
import org.hourtap.runtime.Sqlite;
import org.hourtap.server.books.Bookkeeper;
import org.hourtap.server.books.Reading;
import org.hourtap.server.books.RefusedException;
import org.hourtap.server.books.Schema;
import org.hourtap.server.cards.CardMacs;
import org.hourtap.server.desk.TerminalDesk;
import org.hourtap.server.feed.Feed;
import org.hourtap.server.fleet.Admitted;
import org.hourtap.server.fleet.Enrolment;
import org.hourtap.server.fleet.Fleet;
import org.hourtap.simulator.power.Fate;
import org.hourtap.simulator.power.SimDisk;
import org.jspecify.annotations.Nullable;

/// The hub's machine: bookkeeper, books and desk as they are, without broker and web.
final class SimHub {
    private static final long[] TICKS = {110_000, Agenda.SECOND};

    private final World world;
    private final Path folder;
    private final Path file;
    private final SimDisk disk;
    private final CardMacs macs;
    private final Ticks ticks;
    private @Nullable Running running;
    private long looked;
    private long starts;

    private record Running(
            Crew crew,
            Bookkeeper bookkeeper,
            Reading reading,
            TerminalDesk desk,
            Admitted admitted) {}

    /// Makes certificates as far as anyone here looks at them: by the terminal's key.
    private static final class Certifier implements Enrolment.Certifier {
        private static final String PEM = "-----BEGIN CERTIFICATE-----";

        @Override
        public Enrolment.Certificate certify(BookId book, TerminalId terminal, byte[] publicKey) {
            return new Enrolment.Certificate(PEM, HexFormat.of().formatHex(publicKey));
        }

        @Override
        public String authority() {
            return PEM;
        }

        @Override
        public int brokerPort() {
            return 1;
        }
    }

    SimHub(World world, Path folder, SimDisk disk, CardMacs macs) {
        this.world = world;
        this.folder = folder;
        this.file = folder.resolve("hub.db");
        this.disk = disk;
        this.macs = macs;
        this.ticks = new Ticks(world.agenda(), TICKS, this::crew, this::run);
    }

    boolean isUp() {
        return running != null && !disk.isDead();
    }

    /// @return what its disk holds, while the program is stopped
    Path folder() {
        return folder;
    }

    SimDisk disk() {
        return disk;
    }

    void start() throws SQLException, NewerDatabaseException {
        starts++;
        Crew crew = new Crew(e -> world.unexpected("hub", e, disk.isDead() || world.isFull(disk)));
        Sqlite database = Schema.open(file);
        Bookkeeper bookkeeper = Bookkeeper.start(database, world.agenda()::now, crew);
        CompletableFuture<Boolean> begun =
                bookkeeper.submit(writing -> {
                    writing.books().openBook(World.BOOK, "Barry time bank");
                    Feed.begin(writing, World.BOOK);
                    return true;
                });
        crew.play();
        if (!begun.isDone() || begun.isCompletedExceptionally()) {
            crew.die();
            closed(bookkeeper);
            throw new SQLException("the books cannot be written");
        }
        Reading reading = Reading.open(file);
        TerminalDesk desk =
                TerminalDesk.start(
                        bookkeeper, reading, this::publish, macs, world.agenda()::now, crew);
        Admitted admitted = new Admitted();
        running = new Running(crew, bookkeeper, reading, desk, admitted);
        this.<Boolean>read(sql -> {
            admitted.load(sql);
            return true;
        });
        world.tell("hub", "started, the " + starts + ". time");
        world.seams().started(this);
        world.terminals().forEach(terminal -> terminal.link().hubCameUp());
    }

    /// @return whether the broker lets this terminal connect and speak
    boolean admits(SimTerminal terminal) {
        Running open = running;
        return open != null
                && open.admitted().isAllowed(World.BOOK, terminal.id(), terminal.certificate());
    }

    /// A terminal joins, by a code that its operator typed there.
    ///
    /// @param random what the code is made of
    /// @param key the terminal's public key, any bytes
    Bookkeeper.Command<String> enrolment(TerminalId terminal, byte[] random, byte[] key) {
        String publicKey = Base64.getEncoder().encodeToString(key);
        return writing -> {
            Admitted admitted = admitted();
            EnrolmentCode code = Enrolment.issueCode(writing, World.BOOK, terminal, random);
            new Enrolment(new Certifier(), admitted)
                    .admit(writing, EnrolmentRequest.prove(code, terminal, publicKey));
            return HexFormat.of().formatHex(key);
        };
    }

    /// A terminal is shut out.
    Bookkeeper.Command<Boolean> revocation(TerminalId terminal) {
        return writing -> {
            Admitted admitted = admitted();
            Fleet.revoke(writing, World.BOOK, terminal);
            writing.afterCommit(() -> admitted.shutOut(World.BOOK, terminal));
            return true;
        };
    }

    private Admitted admitted() {
        Running open = running;
        if (open == null) {
            throw new IllegalStateException("the hub is down");
        }
        return open.admitted();
    }

    /// A message of a terminal arrives.
    void received(String topic, byte[] bytes) {
        Running open = running;
        if (open == null || disk.isDead()) {
            return;
        }
        act(() -> Topics.parse(topic).ifPresent(to -> open.desk().received(to, bytes)));
    }

    /// Does something to the books as an operator would, who would be surprised by a refusal.
    ///
    /// @return absent if it was not done, or nobody knows whether it was
    <T extends @Nullable Object> @Nullable T write(Bookkeeper.Command<T> command) {
        return write(
                command,
                refused -> {
                    throw new Violation(
                            Rule.UNEXPECTED_FAILURE,
                            "the hub refuses an operator: " + refused,
                            refused);
                });
    }

    /// The same.
    ///
    /// @param refused what it means that the hub refuses
    <T extends @Nullable Object> @Nullable T write(
            Bookkeeper.Command<T> command, Function<RefusedException, T> refused) {
        Running open = running;
        if (open == null || disk.isDead()) {
            return null;
        }
        CompletableFuture<T> future = open.bookkeeper().submit(command);
        act(() -> {});
        if (future.isCompletedExceptionally()
                && future.exceptionNow() instanceof RefusedException no) {
            return refused.apply(no);
        }
        return future.isDone() && !future.isCompletedExceptionally() ? future.join() : null;
    }

    /// Reads what is committed.
    <T> T read(Reading.Query<T, SQLException> query) {
        Running open = running;
        if (open == null) {
            throw new IllegalStateException("the hub is down");
        }
        try {
            return open.reading().<T, SQLException>read(query);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    void act(Runnable what) {
        run(what);
        ticks.restart();
    }

    private void run(Runnable what) {
        Running open = running;
        if (open == null || disk.isDead()) {
            return;
        }
        what.run();
        open.crew().play();
        if (disk.isDead()) {
            world.hubDied();
        } else {
            lookAtBooks();
        }
    }

    private @Nullable Crew crew() {
        Running open = running;
        return open == null ? null : open.crew();
    }

    private void lookAtBooks() {
        long effects = disk.effects();
        if (effects != looked) {
            looked = effects;
            world.auditor().booksChanged();
        }
    }

    /// Stops in the middle of everything, as the disk has it; after this it can be started again.
    void die(Fate fate) {
        Running dying = running;
        running = null;
        if (!disk.isDead()) {
            disk.cutNow();
        }
        if (dying != null) {
            dying.crew().die();
            closed(dying.reading());
            closed(dying.bookkeeper());
        }
        world.settle(disk, fate);
        world.terminals().forEach(terminal -> terminal.link().hubWentDown());
    }

    /// Ends in good order.
    void stop() {
        Running stopping = running;
        running = null;
        if (stopping != null) {
            stopping.desk().close();
            closed(stopping.reading());
            closed(stopping.bookkeeper());
        }
    }

    private static void closed(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            System.getLogger(SimHub.class.getName())
                    .log(System.Logger.Level.DEBUG, "a dead hub closes badly", e);
        }
    }

    private void publish(BookId book, TerminalId terminal, FeedPage page) {
        if (!disk.isDead()) {
            world.inService(terminal).ifPresent(at -> at.link().down(page));
        }
    }
}
