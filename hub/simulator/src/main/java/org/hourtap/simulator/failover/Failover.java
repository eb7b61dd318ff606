package org.hourtap.simulator.failover;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.hourtap.contract.TransferId;
import org.hourtap.runtime.Database;
import org.hourtap.runtime.NewerDatabaseException;
import org.hourtap.runtime.SystemTime;
import org.hourtap.server.books.Bookkeeper;
import org.hourtap.server.books.ChainCheck;
import org.hourtap.server.books.Ids;
import org.hourtap.server.books.PostgresServer;
import org.hourtap.server.books.RefusedException;
import org.hourtap.server.books.Sql;
import org.hourtap.server.books.Statements;
import org.hourtap.server.books.UnavailableException;
import org.hourtap.simulator.demo.Waiting;
import org.hourtap.simulator.postgresql.HubDatabase;
import org.hourtap.simulator.postgresql.PostgresNode;
import org.hourtap.simulator.postgresql.PostgresPrograms;

/// The drill: a primary with a synchronous standby, a bookkeeper under load, the primary killed,
/// the standby promoted, the old primary made anew as the standby of the new one. The steps are
/// those of docs/OPERATING.md, "A second server for PostgreSQL".
final class Failover {
    private static final int CLIENTS = 16;
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(300);
    private static final int LOOKS_MAX = 200;
    private static final int SECRET_BYTES = 16;

    /// Enough to show that it went on after a step.
    private static final int SOME = 200;

    private final PostgresPrograms programs;
    private final Path folder;
    private final boolean isSynchronous;
    private final Consumer<String> say;
    private final String standbyPassword =
            HexFormat.of().formatHex(SystemTime.randomBytes(SECRET_BYTES));

    /// @param lost acknowledged transfers that are not in the books
    /// @param twice transfers that are there more than once
    /// @param acknowledged how many were acknowledged in all
    /// @param beforeTheKill how many of them before the primary was killed
    /// @param again how often one was handed in again
    /// @param longestSilence the longest time in which nothing was acknowledged
    /// @param fault what is wrong with chain or balances; empty if nothing is
    record Result(
            long lost,
            long twice,
            long acknowledged,
            long beforeTheKill,
            long again,
            Duration longestSilence,
            String fault) {
        boolean holds() {
            return lost == 0 && twice == 0 && fault.isEmpty() && acknowledged > beforeTheKill;
        }
    }

    /// @param isSynchronous without it the standby is not waited for, and lags when it matters:
    ///   what it does not have yet is lost
    Failover(PostgresPrograms programs, Path folder, boolean isSynchronous, Consumer<String> say) {
        this.programs = programs;
        this.folder = folder;
        this.isSynchronous = isSynchronous;
        this.say = say;
    }

    /// @param load how long there is load before the primary dies
    Result run(Duration load)
            throws IOException,
                    InterruptedException,
                    SQLException,
                    NewerDatabaseException,
                    RefusedException,
                    UnavailableException {
        say.accept("# A primary.");
        try (PostgresNode first = PostgresNode.primary(programs, folder, "first", say)) {
            HubDatabase database = furnish(first);
            say.accept("# A standby that each commit waits for.");
            try (PostgresNode second = standbyOf(first, "second")) {
                if (isSynchronous) {
                    waitForStandby(first);
                }
                PostgresServer books = database.store(second);
                try (Bookkeeper bookkeeper =
                        Bookkeeper.start(books.openWriter(), SystemTime::wallMicros)) {
                    Load clients = begin(bookkeeper);
                    return under(clients, load, first, second, books);
                }
            }
        }
    }

    private Result under(
            Load clients,
            Duration load,
            PostgresNode first,
            PostgresNode second,
            PostgresServer books)
            throws IOException, InterruptedException, SQLException {
        say.accept("# " + CLIENTS + " clients post for " + load.toMillis() + " ms.");
        goOn(clients, clients.acknowledged().size() + SOME);
        if (!isSynchronous) {
            second.stop();
        }
        boolean _ = clients.until(load, () -> false);
        long beforeTheKill = clients.acknowledged().size();
        say.accept("# " + beforeTheKill + " acknowledged. The primary dies.");
        first.kill();
        if (!isSynchronous) {
            second.start();
        }
        second.promote();
        // It has its primary's settings, and would wait for a standby that is not there.
        second.ask("ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()");
        goOn(clients, clients.acknowledged().size() + SOME);
        say.accept("# It goes on. The other machine becomes the standby, from an empty folder.");
        try (PostgresNode _ = standbyOf(second, "first-anew")) {
            waitForStandby(second);
            goOn(clients, clients.acknowledged().size() + SOME);
            if (!clients.drained(PATIENCE)) {
                throw new IOException("what was handed in last was not acknowledged");
            }
            say.accept("# Comparing what was acknowledged with the books.");
            return compared(clients, beforeTheKill, books);
        }
    }

    private static void goOn(Load clients, long until) throws IOException {
        if (!clients.until(PATIENCE, () -> clients.acknowledged().size() >= until)) {
            throw new IOException("nothing was acknowledged for " + PATIENCE.toSeconds() + " s");
        }
    }

    private HubDatabase furnish(PostgresNode primary) throws IOException, InterruptedException {
        primary.tell("CREATE ROLE standby REPLICATION LOGIN PASSWORD '" + standbyPassword + "'");
        primary.admit("host replication standby 127.0.0.1/32 scram-sha-256");
        return HubDatabase.at(primary);
    }

    private PostgresNode standbyOf(PostgresNode primary, String name)
            throws IOException, InterruptedException {
        return PostgresNode.standbyOf(primary, folder, name, "standby", standbyPassword);
    }

    private void waitForStandby(PostgresNode primary) throws IOException, InterruptedException {
        primary.ask(
                "ALTER SYSTEM SET synchronous_standby_names = '" + PostgresNode.STANDBY + "'",
                "SELECT pg_reload_conf()");
        for (int i = 0; i < LOOKS_MAX; i++) {
            if (primary.ask("SELECT sync_state FROM pg_stat_replication").equals("sync")) {
                return;
            }
            Waiting.pause(BETWEEN_LOOKS);
        }
        throw new IOException("the standby did not become synchronous");
    }

    private static Load begin(Bookkeeper bookkeeper)
            throws RefusedException, UnavailableException, InterruptedException {
        bookkeeper.ask(
                writing -> {
                    writing.books().openBook(Load.BOOK, "Failover");
                    for (int n = 0; n < Load.MEMBERS; n++) {
                        writing.books().open(Load.member(n));
                    }
                    return true;
                },
                PATIENCE);
        return new Load(bookkeeper, CLIENTS);
    }

    private static Result compared(Load clients, long beforeTheKill, PostgresServer books)
            throws SQLException {
        try (Database reader = books.openReader()) {
            return reader.<Result, SQLException>transaction(_ -> {
                Sql sql = new Sql(reader);
                List<TransferId> inTheBooks =
                        sql.list("SELECT id FROM transfer", row -> Ids.read(row, "id"));
                Set<TransferId> different = new HashSet<>(inTheBooks);
                List<TransferId> acknowledged = clients.acknowledged();
                long lost = acknowledged.stream().filter(id -> !different.contains(id)).count();
                return new Result(
                        lost,
                        inTheBooks.size() - different.size(),
                        acknowledged.size(),
                        beforeTheKill,
                        clients.again(),
                        clients.longestSilence(),
                        fault(sql));
            });
        }
    }

    private static String fault(Sql sql) throws SQLException {
        String chain = ChainCheck.verify(sql, _ -> {}).getFirst().fault();
        if (chain != null) {
            return chain;
        }
        boolean isBalanced = new Statements(sql).trialBalance(Load.BOOK).isBalanced();
        return isBalanced ? "" : "the trial balance is not 0";
    }
}
