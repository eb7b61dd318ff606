package org.hourtap.simulator.life;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import org.hourtap.contract.BookId;
import org.hourtap.contract.FeedPage;
import org.hourtap.contract.TerminalId;
import org.hourtap.contract.Topics;
import org.hourtap.runtime.NewerDatabaseException;
import org.hourtap.runtime.Sqlite;
import org.hourtap.server.books.Bookkeeper;
import org.hourtap.server.books.Reading;
import org.hourtap.server.books.Schema;
import org.hourtap.server.cards.CardMacs;
import org.hourtap.server.desk.TerminalDesk;
import org.hourtap.simulator.power.Fate;
import org.hourtap.simulator.power.SimDisk;
import org.jspecify.annotations.Nullable;

/// The hub's machine: bookkeeper, books and desk as they are, without broker and web.
final class SimHub {
    private static final long[] TICKS = {110_000, Agenda.SECOND};

    private final World world;
    private final Path file;
    private final SimDisk disk;
    private final CardMacs macs;
    private final Ticks ticks;
    private @Nullable Running running;
    private long looked;
    private long starts;

    private record Running(Crew crew, Bookkeeper bookkeeper, Reading reading, TerminalDesk desk) {}

    SimHub(World world, Path folder, SimDisk disk, CardMacs macs) {
        this.world = world;
        this.file = folder.resolve("hub.db");
        this.disk = disk;
        this.macs = macs;
        this.ticks = new Ticks(world.agenda(), TICKS, this::crew, this::run);
    }

    boolean isUp() {
        return running != null && !disk.isDead();
    }

    SimDisk disk() {
        return disk;
    }

    void start() throws SQLException, NewerDatabaseException {
        starts++;
        Crew crew = new Crew(e -> world.unexpected("hub", e, disk.isDead() || world.isFull(disk)));
        Sqlite database = Schema.open(file);
        Bookkeeper bookkeeper = Bookkeeper.start(database, world.agenda()::now, crew);
        Reading reading = Reading.open(file);
        TerminalDesk desk =
                TerminalDesk.start(
                        bookkeeper, reading, this::publish, macs, world.agenda()::now, crew);
        running = new Running(crew, bookkeeper, reading, desk);
        world.tell("hub", "started, the " + starts + ". time");
        world.seams().started(this);
        world.terminals().forEach(terminal -> terminal.link().hubCameUp());
    }

    /// A message of a terminal arrives.
    void received(String topic, byte[] bytes) {
        Running open = running;
        if (open == null || disk.isDead()) {
            return;
        }
        act(() -> Topics.parse(topic).ifPresent(to -> open.desk().received(to, bytes)));
    }

    /// Does something to the books as an operator would.
    <T extends @Nullable Object> @Nullable T write(Bookkeeper.Command<T> command) {
        Running open = running;
        if (open == null || disk.isDead()) {
            return null;
        }
        CompletableFuture<T> future = open.bookkeeper().submit(command);
        act(() -> {});
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
            world.terminal(terminal).link().down(page);
        }
    }
}
