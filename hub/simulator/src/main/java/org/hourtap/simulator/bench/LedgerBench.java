package org.hourtap.simulator.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.hourtap.contract.Credits;
import org.hourtap.contract.TransferId;
import org.hourtap.ledger.Account;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.Known;
import org.hourtap.ledger.Ledger;
import org.hourtap.ledger.PostOutcome;
import org.hourtap.ledger.Reason;
import org.hourtap.ledger.Transfer;
import org.hourtap.runtime.Sqlite;
import org.hourtap.runtime.SystemTime;
import org.hourtap.server.books.ChainCheck;
import org.hourtap.server.books.ChainCheck.Verdict;
import org.hourtap.server.books.Sql;

/// How fast the books are: posting, beside the transaction that everyone knows, on the same disk
/// and in turn with it; at their start and at five million transfers; and proving them.
final class LedgerBench {
    private static final int SMALL_ROWS = 100_000;
    private static final int CLIENTS = 64;
    private static final int CACHE_KILOBYTES = 16_384;

    /// A turn is a fifth of a second of each, on an ordinary disk.
    private static final int TPC_B_EACH = 300;

    private static final int BATCHES_EACH = 20;
    private static final int SINGLES_EACH = 200;
    private static final int MEMBERS_EACH = 200;
    private static final int PURE_POSTS = 1_000_000;

    private static final double TPC_B_TIMES_MIN = 20;
    private static final double SHARE_WHEN_LARGE_MIN = 0.9;
    private static final double GROUP_TIMES_MIN = 5;
    private static final double STATEMENT_TIMES_MAX = 3;
    private static final double CHECK_RATE_MIN = 300_000;

    private static final String LARGE = "large.db";

    private final long rows;
    private final int rounds;
    private final Consumer<String> progress;
    private final Rate one = new Rate();
    private final Rate thirtyTwo = new Rate();
    private final Rate full = new Rate();
    private final Rate fullWhenLarge = new Rate();
    private final Rate grouped = new Rate();
    private final Rate sqlite = new Rate();
    private final Rate statement = new Rate();
    private final Rate lookUps = new Rate();
    private final Rate check = new Rate();
    private final Rate checkInAll = new Rate();
    private final Rate alone = new Rate();

    private record Books(
            LedgerBooks small, LedgerBooks large, Path largeFile, SqliteTpcB yardstick) {}

    LedgerBench(long rows, int rounds, Consumer<String> progress) {
        this.rows = rows;
        this.rounds = rounds;
        this.progress = progress;
    }

    List<Figure> run(Path folder) throws IOException, InterruptedException, BenchProblem {
        try (LedgerBooks small = LedgerBooks.open(folder.resolve("small.db"));
                LedgerBooks large = LedgerBooks.open(folder.resolve(LARGE))) {
            progress.accept("Posting " + SMALL_ROWS + " and " + rows + " transfers.");
            small.grow(Math.min(rows, SMALL_ROWS), _ -> {});
            large.grow(rows, posted -> progress.accept("  " + posted + " posted"));
            progress.accept("Preparing the yardsticks.");
            try (SqliteTpcB yardstick = SqliteTpcB.open(folder.resolve("tpc-b.db"))) {
                Optional<PostgresTurns> installed =
                        PostgresTurns.start(folder, Math.min(rows, SMALL_ROWS));
                try {
                    Books books = new Books(small, large, folder.resolve(LARGE), yardstick);
                    for (int round = 0; round <= rounds; round++) {
                        turn(books, round > 0);
                        if (installed.isPresent()) {
                            installed.get().turn(round > 0);
                        }
                        progress.accept("  round " + round + " of " + rounds);
                    }
                    return figures(installed);
                } finally {
                    if (installed.isPresent()) {
                        installed.get().close();
                    }
                }
            }
        } catch (SQLException e) {
            throw new BenchProblem("The database refused: " + e.getMessage(), e);
        }
    }

    /// @param counts whether what is measured counts: the first turn warms up
    private void turn(Books books, boolean counts)
            throws InterruptedException, BenchProblem, SQLException {
        LedgerBooks small = books.small();
        LedgerBooks large = books.large();
        add(sqlite, books.yardstick().run(TPC_B_EACH), counts);
        add(full, small.post(BATCHES_EACH, 256), counts);
        add(fullWhenLarge, large.post(BATCHES_EACH, 256), counts);
        add(one, small.post(SINGLES_EACH, 1), counts);
        add(grouped, small.postFrom(CLIENTS, SINGLES_EACH), counts);
        add(thirtyTwo, small.post(2 * BATCHES_EACH, 32), counts);
        add(statement, large.read(MEMBERS_EACH, true), counts);
        add(lookUps, large.read(MEMBERS_EACH, false), counts);
        add(check, checked(books.largeFile(), false), counts);
        add(checkInAll, checked(books.largeFile(), true), counts);
        add(alone, postedAlone(), counts);
    }

    private static void add(Rate rate, double value, boolean counts) {
        if (counts) {
            rate.add(value);
        }
    }

    /// @param inAll whether the file's structure is looked through as well, as `audit verify` does
    /// @return transfers proved a second
    private static double checked(Path file, boolean inAll) throws SQLException {
        try (Sqlite open = Sqlite.openReadOnly(file, CACHE_KILOBYTES)) {
            long began = SystemTime.bootMicros();
            Verdict verdict =
                    open.<Verdict, SQLException>transaction(
                            _ -> ChainCheck.verify(new Sql(open), file, _ -> {}).getFirst());
            if (verdict.fault() != null) {
                throw new IllegalStateException("the books do not hold: " + verdict.fault());
            }
            if (inAll && !open.integrityCheck().equals("ok")) {
                throw new IllegalStateException("the file is damaged");
            }
            return Rate.of(verdict.transfers(), began);
        }
    }

    /// @return decisions a second: the ledger as the function that it is
    private static double postedAlone() {
        Account from = Account.open(AccountId.issuance(LedgerBooks.BOOK));
        Account to = Account.open(LedgerBooks.member(1));
        long began = SystemTime.bootMicros();
        for (int i = 1; i <= PURE_POSTS; i++) {
            Transfer transfer =
                    new Transfer(
                            TransferId.mint(i, i & 0xfff, (long) i << 4),
                            from.id(),
                            to.id(),
                            new Credits(60),
                            Reason.ADJUSTMENT,
                            null,
                            null,
                            i);
            PostOutcome outcome = Ledger.post(transfer, Known.accounts(from, to, i));
            if (!(outcome instanceof PostOutcome.Posted posted)) {
                throw new IllegalStateException("not posted: " + outcome);
            }
            from = posted.debit();
            to = posted.credit();
        }
        return Rate.of(PURE_POSTS, began);
    }

    private List<Figure> figures(Optional<PostgresTurns> installed) {
        List<Figure> figures = new ArrayList<>();
        figures.add(Figure.of("TPC-B on SQLite, one client", sqlite.median(), "/s"));
        installed.ifPresent(server ->
                figures.add(
                        Figure.of(
                                "TPC-B on PostgreSQL, one client", server.tpcB().median(), "/s")));
        figures.add(Figure.of("posting, one by one", one.median(), "/s"));
        figures.add(Figure.of("posting, 32 in a batch", thirtyTwo.median(), "/s"));
        figures.add(Figure.of("posting, 256 in a batch", full.median(), "/s"));
        figures.add(
                Figure.of("  " + rows + " transfers in the book", fullWhenLarge.median(), "/s"));
        // The bar is to a database server's transaction; without one there is only SQLite's.
        double overSqlite = full.over(sqlite);
        figures.add(
                installed.isPresent()
                        ? Figure.of("  256 in a batch / TPC-B on SQLite", overSqlite, "times")
                        : Figure.atLeast(
                                "  256 in a batch / TPC-B on SQLite",
                                overSqlite,
                                "times",
                                TPC_B_TIMES_MIN));
        installed.ifPresent(server ->
                figures.add(
                        Figure.atLeast(
                                "  256 in a batch / TPC-B on PostgreSQL",
                                full.over(server.tpcB()),
                                "times",
                                TPC_B_TIMES_MIN)));
        figures.add(
                Figure.atLeast(
                        "  " + rows + " transfers / " + SMALL_ROWS,
                        fullWhenLarge.over(full),
                        "times",
                        SHARE_WHEN_LARGE_MIN));
        figures.add(Figure.of("64 clients, committed in groups", grouped.median(), "/s"));
        figures.add(
                Figure.atLeast(
                        "  groups / each for itself", grouped.over(one), "times", GROUP_TIMES_MIN));
        figures.add(Figure.of("statement of 20", statement.median(), "us"));
        figures.add(
                Figure.atMost(
                        "  statement of 20 / 20 indexed look-ups",
                        statement.over(lookUps),
                        "times",
                        STATEMENT_TIMES_MAX));
        figures.add(Figure.atLeast("proving the journal", check.median(), "/s", CHECK_RATE_MIN));
        figures.add(Figure.of("  and all indexes of the file", checkInAll.median(), "/s"));
        installed.ifPresent(server -> figures.addAll(server.figures()));
        figures.add(Figure.of("Ledger.post alone", alone.median(), "/s"));
        return figures;
    }
}
