package org.hourtap.server.backup;

import static org.hourtap.server.books.TestBooks.ANN;
import static org.hourtap.server.books.TestBooks.BARRY;
import static org.hourtap.server.books.TestBooks.BOB;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.hourtap.contract.Credits;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.PostOutcome;
import org.hourtap.ledger.Reason;
import org.hourtap.ledger.Transfer;
import org.hourtap.runtime.Role;
import org.hourtap.runtime.Roles;
import org.hourtap.runtime.Sqlite;
import org.hourtap.server.books.Awaiting;
import org.hourtap.server.books.Bookkeeper;
import org.hourtap.server.books.Schema;
import org.hourtap.server.books.TestBooks;
import org.hourtap.server.inbox.Finding;
import org.hourtap.server.inbox.Findings;
import org.jspecify.annotations.Nullable;

/// A hub's books with a real bookkeeper, and the copying role played step by step.
final class CopyScene implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    final Path data;
    final Path place;
    final AtomicLong clock = new AtomicLong(TestBooks.NOON);
    private final ByHand byHand = new ByHand();
    private Sqlite database;
    private Bookkeeper bookkeeper;
    private @Nullable Copying copying;
    private int gifts;

    CopyScene(Path parent) throws Exception {
        data = parent.resolve("hub");
        place = parent.resolve("place");
        Files.createDirectories(data.resolve("certificates"));
        Files.createDirectories(place);
        Files.writeString(data.resolve("certificates/authority.pem"), "not really a key\n");
        Files.writeString(data.resolve("admin.token"), "0123\n");
        TestBooks.furnished(data).close();
        database = Schema.open(data.resolve("hub.db"));
        bookkeeper = Bookkeeper.start(database, clock::get);
        boolean _ =
                bookkeeper
                        .submit(writing -> {
                            writing.books().openBook(BARRY, "Barry time bank");
                            return true;
                        })
                        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        gifts = 100;
        give();
    }

    /// A role whose duty runs when told to.
    private static final class ByHand implements Roles {
        private Role.Duty duty = () -> {};

        @Override
        public Role start(
                String name,
                int queueMax,
                int drainMax,
                Duration tick,
                Role.Duty given,
                Consumer<Throwable> onFailure) {
            duty = given;
            return new Role() {
                @Override
                public boolean offer(Runnable work) {
                    work.run();
                    return true;
                }

                @Override
                public <T> T call(Callable<T> work, Duration timeout) {
                    throw new IllegalStateException("nobody asks the copying role");
                }

                @Override
                public void close() {}
            };
        }
    }

    void startCopying() throws Exception {
        startCopying(byHand);
    }

    void startCopying(Roles roles) throws Exception {
        copying =
                Copying.start(database, bookkeeper, data, null, "barry", place, clock::get, roles);
    }

    void stopCopying() {
        if (copying != null) {
            copying.close();
            copying = null;
        }
    }

    /// A second passes.
    CopyState round() throws Exception {
        clock.addAndGet(1_000_000);
        byHand.duty.run();
        if (copying == null) {
            throw new IllegalStateException("not started");
        }
        return copying.state();
    }

    /// One transfer, in one commit.
    void give() throws Exception {
        submitGift().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /// One transfer, in a group with others.
    CompletableFuture<PostOutcome> submitGift() {
        int n = gifts++;
        AccountId from = AccountId.of(BARRY, n % 2 == 0 ? ANN : BOB);
        AccountId to = AccountId.of(BARRY, n % 2 == 0 ? BOB : ANN);
        Transfer gift =
                new Transfer(TestBooks.id(n), from, to, new Credits(1), Reason.GIFT, null, null, n);
        return bookkeeper.submit(writing -> writing.books().post(gift, writing.nowMicros()));
    }

    /// A commit that ends when the thread waits for the bookkeeper, and not before.
    CompletableFuture<Boolean> commitWhileWaiting(Thread thread) throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<Boolean> late =
                bookkeeper.submit(writing -> {
                    begun.countDown();
                    Awaiting.until(
                            "someone waits", () -> thread.getState() == Thread.State.TIMED_WAITING);
                    writing.books().openBook(BARRY, "Barry, a moment later");
                    return true;
                });
        begun.await();
        return late;
    }

    /// Many pages in one commit.
    void find(int kilobytes) throws Exception {
        int n = gifts++;
        bookkeeper.ask(
                writing -> {
                    new Findings(writing.sql())
                            .keep(
                                    BARRY,
                                    new Finding(
                                            Finding.Kind.MALFORMED_MESSAGE,
                                            "pool-door",
                                            n,
                                            "",
                                            "",
                                            ("finding " + n + " ").repeat(kilobytes * 80),
                                            ""),
                                    writing.nowMicros());
                    return true;
                },
                PATIENCE);
    }

    /// SQLite folds its log by itself at so few pages.
    void limitLog(int pages) throws Exception {
        bookkeeper.between(
                () -> {
                    database.keepLog(pages);
                    return true;
                },
                PATIENCE);
    }

    Restore.Restored restore(Path from, Path to) throws Exception {
        return Restore.run(from, to, false, clock.get(), _ -> {});
    }

    /// @return the finished copies at the second place
    List<Path> copies() throws Exception {
        return DurableFiles.folders(place, "copy-.*Z");
    }

    /// @return every row of every table
    static List<String> everything(Path data) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection =
                        DriverManager.getConnection("jdbc:sqlite:" + data.resolve("hub.db"));
                Statement statement = connection.createStatement()) {
            List<String> tables = new ArrayList<>();
            try (ResultSet names =
                    statement.executeQuery(
                            "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")) {
                while (names.next()) {
                    tables.add(names.getString(1));
                }
            }
            for (String table : tables) {
                try (ResultSet row = statement.executeQuery("SELECT * FROM " + table)) {
                    while (row.next()) {
                        rows.add(table + " " + text(row));
                    }
                }
            }
        }
        return rows;
    }

    private static String text(ResultSet row) throws SQLException {
        StringBuilder text = new StringBuilder();
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
            byte[] bytes = row.getBytes(i);
            text.append(bytes == null ? "-" : java.util.Arrays.hashCode(bytes)).append(' ');
        }
        return text.toString();
    }

    @Override
    public void close() throws SQLException {
        stopCopying();
        bookkeeper.close();
    }
}
