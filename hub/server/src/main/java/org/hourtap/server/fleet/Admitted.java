package org.hourtap.server.fleet;

import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.hourtap.contract.BookId;
import org.hourtap.contract.TerminalId;
import org.hourtap.server.books.Sql;

/// Which terminals may connect, with which certificate; in memory, because the broker asks at every
/// message. Any thread.
public final class Admitted {
    private final Map<Address, String> serials = new ConcurrentHashMap<>();

    private record Address(BookId book, TerminalId terminal) {}

    /// Reads who was admitted before this process.
    public void load(Sql sql) throws SQLException {
        sql.each(
                "SELECT book_id, id, certificate_serial FROM terminal"
                        + " WHERE is_revoked = 0 AND certificate_serial IS NOT NULL",
                row ->
                        admit(
                                new BookId(row.getString("book_id")),
                                new TerminalId(row.getString("id")),
                                row.getString("certificate_serial")));
    }

    /// @param serial of its certificate; an earlier certificate of the same terminal is void now
    public void admit(BookId book, TerminalId terminal, String serial) {
        serials.put(new Address(book, terminal), serial);
    }

    public void shutOut(BookId book, TerminalId terminal) {
        serials.remove(new Address(book, terminal));
    }

    public boolean isAllowed(BookId book, TerminalId terminal, String serial) {
        return serial.equals(serials.get(new Address(book, terminal)));
    }

    public boolean isEmpty() {
        return serials.isEmpty();
    }
}
