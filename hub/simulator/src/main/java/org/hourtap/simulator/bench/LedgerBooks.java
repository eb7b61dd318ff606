package org.hourtap.simulator.bench;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.hourtap.contract.BookId;
import org.hourtap.contract.Credits;
import org.hourtap.contract.MemberId;
import org.hourtap.contract.TransferId;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.PostOutcome;
import org.hourtap.ledger.Reason;
import org.hourtap.ledger.Transfer;
import org.hourtap.runtime.NewerDatabaseException;
import org.hourtap.runtime.SystemTime;
import org.hourtap.server.books.Bookkeeper;
import org.hourtap.server.books.Books;
import org.hourtap.server.books.LedgerStore;
import org.hourtap.server.books.Reading;
import org.hourtap.server.books.RefusedException;
import org.hourtap.server.books.Statements;
import org.hourtap.server.books.UnavailableException;

/// The hub's own books in a real database, with five thousand members, written by the real
/// bookkeeper.
final class LedgerBooks implements AutoCloseable {
    static final BookId BOOK = new BookId("barry");
    static final int MEMBERS = 5_000;

    private static final int GROWING_BATCH = 256;
    private static final int PROGRESS_ROWS = 500_000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long EVENT_MILLIS = 1_790_000_000_000L;

    private final Bookkeeper bookkeeper;
    private final Reading reading;
    private final RandomGenerator chance = RandomGeneratorFactory.of("SplittableRandom").create(20);
    private long rows;

    private LedgerBooks(LedgerStore store) throws SQLException, NewerDatabaseException {
        this.bookkeeper = Bookkeeper.start(store.openWriter(), SystemTime::wallMicros);
        this.reading = Reading.open(store);
    }

    static LedgerBooks open(Path file) throws BenchProblem, InterruptedException {
        return open(LedgerStore.of(file));
    }

    static LedgerBooks open(LedgerStore store) throws BenchProblem, InterruptedException {
        try {
            LedgerBooks books = new LedgerBooks(store);
            books.ask(writing -> {
                writing.books().openBook(BOOK, "Bench");
                for (int n = 0; n < MEMBERS; n++) {
                    writing.books().open(member(n));
                }
                return true;
            });
            return books;
        } catch (SQLException | NewerDatabaseException e) {
            throw new BenchProblem("The books cannot be opened: " + e.getMessage(), e);
        }
    }

    Reading reading() {
        return reading;
    }

    static AccountId member(int n) {
        return AccountId.of(BOOK, new MemberId("m" + n));
    }

    /// Posts until there are so many transfers.
    void grow(long to, LongConsumer progress) throws BenchProblem, InterruptedException {
        while (rows < to) {
            post(1, (int) Math.min(GROWING_BATCH, to - rows));
            if (rows % PROGRESS_ROWS < GROWING_BATCH) {
                progress.accept(rows);
            }
        }
    }

    /// Posts so many batches, one after the other, each in one commit.
    ///
    /// @return transfers a second
    double post(int batches, int size) throws BenchProblem, InterruptedException {
        long began = SystemTime.bootMicros();
        for (int i = 0; i < batches; i++) {
            List<Transfer> batch = new ArrayList<>();
            for (int n = 0; n < size; n++) {
                batch.add(next());
            }
            ask(writing -> {
                for (Transfer transfer : batch) {
                    posted(writing.books(), transfer, writing.nowMicros());
                }
                return true;
            });
        }
        return Rate.of((long) batches * size, began);
    }

    /// So many clients, each of which hands in its next transfer when the last is on disk.
    ///
    /// @return transfers a second
    double postFrom(int clients, int each) throws BenchProblem, InterruptedException {
        long began = SystemTime.bootMicros();
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            List<Transfer> own = new ArrayList<>();
            for (int n = 0; n < each; n++) {
                own.add(next());
            }
            all.add(oneByOne(own, 0));
        }
        try {
            CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new BenchProblem("Clients were not served: " + e, e);
        }
        return Rate.of((long) clients * each, began);
    }

    private CompletableFuture<Void> oneByOne(List<Transfer> own, int at) {
        if (at == own.size()) {
            return CompletableFuture.completedFuture(null);
        }
        return bookkeeper
                .submit(writing -> {
                    posted(writing.books(), own.get(at), writing.nowMicros());
                    return true;
                })
                .thenCompose(_ -> oneByOne(own, at + 1));
    }

    /// @param statement asks for a member's newest twenty lines; else the same twenty transfers are
    ///   looked up, each by its id in the journal's index
    /// @return microseconds for one member
    double read(int members, boolean statement) throws BenchProblem, InterruptedException {
        AtomicLong micros = new AtomicLong();
        for (int i = 0; i < members; i++) {
            AccountId id = member(chance.nextInt(MEMBERS));
            try {
                reading.<Boolean, SQLException>read(sql -> {
                    Statements statements = new Statements(sql);
                    List<Statements.Line> lines = statements.statement(id, Long.MAX_VALUE, 20);
                    long began = SystemTime.bootMicros();
                    if (statement) {
                        statements.statement(id, Long.MAX_VALUE, 20);
                    } else {
                        for (Statements.Line line : lines) {
                            statements.entry(BOOK, line.entry().transfer().id());
                        }
                    }
                    micros.addAndGet(SystemTime.bootMicros() - began);
                    return true;
                });
            } catch (SQLException | UnavailableException e) {
                throw new BenchProblem("A statement could not be read: " + e.getMessage(), e);
            }
        }
        return micros.get() / (double) members;
    }

    @Override
    public void close() throws SQLException {
        reading.close();
        bookkeeper.close();
    }

    private Transfer next() {
        rows++;
        return new Transfer(
                TransferId.mint(EVENT_MILLIS + rows, rows & 0xfff, rows << 4),
                AccountId.issuance(BOOK),
                member(chance.nextInt(MEMBERS)),
                new Credits(60),
                Reason.ADJUSTMENT,
                null,
                null,
                rows);
    }

    private static void posted(Books books, Transfer transfer, long nowMicros) throws SQLException {
        if (!(books.post(transfer, nowMicros) instanceof PostOutcome.Posted)) {
            throw new IllegalStateException("not posted: " + transfer);
        }
    }

    private <T> T ask(Bookkeeper.Command<T> command) throws BenchProblem, InterruptedException {
        try {
            return bookkeeper.ask(command, PATIENCE);
        } catch (RefusedException | UnavailableException e) {
            throw new BenchProblem("The books cannot be written: " + e.getMessage(), e);
        }
    }
}
