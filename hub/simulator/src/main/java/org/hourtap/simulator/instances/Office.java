package org.hourtap.simulator.instances;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.hourtap.contract.BookId;
import org.hourtap.contract.TransferId;
import org.hourtap.runtime.RoleThread;
import org.hourtap.runtime.SystemTime;
import org.hourtap.simulator.demo.HubApi;
import org.jspecify.annotations.Nullable;

/// An operator who sends hours from book to book, and asks one hub after the other, under the same
/// id, until one says that it is done. The thread `office`.
final class Office implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Office.class.getName());

    /// From one to the next: often enough that hubs die with some under way.
    private static final Duration TICK = Duration.ofMillis(100);

    private final List<HubApi> hubs;
    private final List<BookId> books;
    private final RandomGenerator chance;
    private final List<Sent> sent = new ArrayList<>();
    private final AtomicBoolean isShut = new AtomicBoolean();
    private final AtomicReference<@Nullable Sent> current = new AtomicReference<>();
    private final RoleThread thread;

    /// What a hub has confirmed.
    record Sent(TransferId id, BookId from, BookId to) {}

    private Office(List<HubApi> hubs, List<BookId> books, RandomGenerator chance) {
        this.hubs = List.copyOf(hubs);
        this.books = List.copyOf(books);
        this.chance = chance;
        this.thread =
                RoleThread.start(
                        "office",
                        1,
                        TICK,
                        this::send,
                        e -> LOG.log(System.Logger.Level.WARNING, "the office goes on after", e));
    }

    static Office open(List<HubApi> hubs, List<BookId> books, RandomGenerator chance) {
        return new Office(hubs, books, chance);
    }

    /// Nothing new is sent any more. Any thread.
    void shut() {
        isShut.set(true);
    }

    /// @return whether nothing waits for a hub's word. Any thread
    boolean isDone() {
        return isShut.get() && current.get() == null;
    }

    /// @return to be asked when it is closed
    List<Sent> sent() {
        return List.copyOf(sent);
    }

    @Override
    public void close() {
        thread.close();
    }

    private void send() throws InterruptedException {
        Sent next = current.get();
        if (next == null) {
            if (isShut.get()) {
                return;
            }
            next = next();
            current.set(next);
        }
        for (HubApi hub : hubs) {
            if (isTaken(hub, next)) {
                sent.add(next);
                current.set(null);
                return;
            }
        }
    }

    private Sent next() {
        int from = chance.nextInt(books.size());
        int to = (from + 1 + chance.nextInt(books.size() - 1)) % books.size();
        return new Sent(
                TransferId.mint(
                        SystemTime.wallMicros() / 1_000,
                        SystemTime.randomLong(),
                        SystemTime.randomLong()),
                books.get(from),
                books.get(to));
    }

    private boolean isTaken(HubApi hub, Sent next) throws InterruptedException {
        try {
            return hub.post(
                            "/transfers?book=" + next.from(),
                            Map.of(
                                    "id", next.id().toString(),
                                    "reason", "BETWEEN_BOOKS",
                                    "debit", "MEMBER:m0",
                                    "credit", next.to() + "/MEMBER:m0",
                                    "minutes", 1,
                                    "operator", "Ceri",
                                    "note", "moved house"))
                    .has("sequence");
        } catch (IOException e) {
            // Down, or the book is another's: the next one is asked.
            return false;
        }
    }
}
