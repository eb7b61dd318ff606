package org.hourtap.simulator.instances;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hourtap.contract.BookId;
import org.hourtap.contract.TerminalId;
import org.hourtap.runtime.Database;
import org.hourtap.server.books.ChainCheck;
import org.hourtap.server.books.LedgerStore;
import org.hourtap.server.books.Mirrors;
import org.hourtap.server.books.Sql;
import org.hourtap.server.books.Statements;

/// Looks at the books from outside all hubs. Triggers of its own note which of the server's
/// processes took each book and which wrote each transfer, in the order in which it was done: a
/// transfer that was not written by the one that had taken the book last is a stale writer's.
/// Confined to one thread.
final class Witness implements AutoCloseable {
    private static final String[] TRIGGERS = {
        "CREATE TABLE witness (n BIGSERIAL PRIMARY KEY, book_id TEXT NOT NULL, epoch BIGINT,"
                + " transfer BIGINT, writer INT NOT NULL)",
        "CREATE INDEX ON witness (book_id, n)",
        "CREATE FUNCTION witness_take() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                + " INSERT INTO witness (book_id, epoch, writer)"
                + " VALUES (NEW.book_id, NEW.epoch, pg_backend_pid()); RETURN NULL; END $$",
        "CREATE FUNCTION witness_transfer() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                + " INSERT INTO witness (book_id, transfer, writer)"
                + " VALUES (NEW.book_id, NEW.sequence, pg_backend_pid()); RETURN NULL; END $$",
        "CREATE TRIGGER witness_take AFTER UPDATE ON lease FOR EACH ROW"
                + " WHEN (NEW.epoch <> OLD.epoch) EXECUTE FUNCTION witness_take()",
        "CREATE TRIGGER witness_transfer AFTER INSERT ON transfer FOR EACH ROW"
                + " EXECUTE FUNCTION witness_transfer()"
    };

    private final Database database;
    private final Sql sql;

    /// What is wrong with the books, in words, and how much is in them.
    ///
    /// @param transfers in all books
    record Look(List<String> faults, long transfers) {}

    /// How a book is held.
    record Lease(String holder, long epoch) {}

    Witness(LedgerStore store) throws SQLException {
        this.database = store.openReader();
        this.sql = new Sql(database);
    }

    /// Installs the triggers. Before any hub starts.
    static void install(Database writer) throws SQLException {
        writer.transaction(connection -> {
            try (java.sql.Statement statement = connection.createStatement()) {
                for (String trigger : TRIGGERS) {
                    statement.execute(trigger);
                }
            }
            return true;
        });
    }

    @Override
    public void close() throws SQLException {
        database.close();
    }

    Map<BookId, Lease> leases() throws SQLException {
        return database.transaction(_ -> {
            Map<BookId, Lease> leases = new HashMap<>();
            sql.each(
                    "SELECT book_id, holder, epoch FROM lease",
                    row ->
                            leases.put(
                                    new BookId(row.getString(1)),
                                    new Lease(row.getString(2), row.getLong(3))));
            return leases;
        });
    }

    /// @return of each book the newest epoch under which a transfer was committed
    Map<BookId, Long> postedUnder() throws SQLException {
        return database.transaction(_ -> {
            Map<BookId, Long> posted = new HashMap<>();
            sql.each(
                    "SELECT t.book_id, t.epoch FROM (SELECT DISTINCT ON (book_id) book_id, epoch, n"
                            + " FROM witness WHERE epoch IS NOT NULL ORDER BY book_id, n DESC) t"
                            + " WHERE EXISTS (SELECT 1 FROM witness w JOIN transfer tap"
                            + " ON tap.book_id = w.book_id AND tap.sequence = w.transfer"
                            + " WHERE w.book_id = t.book_id AND w.n > t.n"
                            + " AND tap.terminal IS NOT NULL)",
                    row -> posted.put(new BookId(row.getString(1)), row.getLong(2)));
            return posted;
        });
    }

    /// @return transfers that were committed by a writer that had lost the book
    long stale() throws SQLException {
        return database.transaction(_ ->
                sql.number(
                        "SELECT COUNT(*) FROM witness w JOIN LATERAL (SELECT writer FROM witness t"
                                + " WHERE t.book_id = w.book_id AND t.n < w.n"
                                + " AND t.epoch IS NOT NULL ORDER BY t.n DESC LIMIT 1) t ON true"
                                + " WHERE w.transfer IS NOT NULL AND w.writer <> t.writer"));
    }

    /// Recomputes every balance and every hash.
    Look look(List<BookId> books) throws SQLException {
        return database.transaction(_ -> {
            List<String> faults = new ArrayList<>();
            long transfers = 0;
            for (BookId book : books) {
                if (!new Statements(sql).trialBalance(book).isBalanced()) {
                    faults.add("the trial balance of " + book + " is not 0");
                }
            }
            for (ChainCheck.Verdict verdict : ChainCheck.verify(sql, _ -> {})) {
                transfers += verdict.transfers();
                String fault = verdict.fault();
                if (fault != null) {
                    faults.add(verdict.book() + ": " + fault);
                }
            }
            faults.addAll(Mirrors.apart(sql));
            return new Look(faults, transfers);
        });
    }

    /// One tap as it was kept, with how many transfers came of it.
    ///
    /// @param posted its place in the book's journal
    record Kept(String id, long sequence, long transfers, long posted) {}

    /// @return a terminal's taps in the order in which they were posted
    List<Kept> taps(BookId book, TerminalId terminal) throws SQLException {
        return database.transaction(_ ->
                sql.list(
                        "SELECT encode(p.id, 'hex'), p.sequence, COUNT(t.sequence),"
                                + " MIN(t.sequence) FROM tap p LEFT JOIN transfer t"
                                + " ON t.book_id = p.book_id AND t.terminal = p.terminal"
                                + " AND t.tap_sequence = p.sequence AND t.tap_reuse = p.reuse"
                                + " WHERE p.book_id = ? AND p.terminal = ?"
                                + " GROUP BY p.id, p.sequence ORDER BY 4, 2",
                        row ->
                                new Kept(
                                        row.getString(1),
                                        row.getLong(2),
                                        row.getLong(3),
                                        row.getLong(4)),
                        book.value(),
                        terminal.value()));
    }

    /// @return whether each of the two books has it, once
    boolean isInBoth(Office.Sent sent) throws SQLException {
        return database.transaction(_ ->
                sql.number(
                                "SELECT COUNT(*) FROM transfer"
                                        + " WHERE book_id IN (?, ?) AND id = decode(?, 'hex')",
                                sent.from().value(),
                                sent.to().value(),
                                sent.id().toString().replace("-", ""))
                        == 2);
    }

    long onTheirWay() throws SQLException {
        return database.transaction(_ -> sql.number("SELECT COUNT(*) FROM remittance"));
    }

    long findings() throws SQLException {
        return database.transaction(_ -> sql.number("SELECT COUNT(*) FROM finding"));
    }
}
