package org.hourtap.server.books;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hourtap.contract.BookId;
import org.hourtap.contract.SignedHead;
import org.hourtap.runtime.DataFolder;
import org.hourtap.runtime.Engine;
import org.hourtap.runtime.Sqlite;
import org.hourtap.server.certificates.HeadKey;

/// One book's journal in a file that proves itself, for whoever has the hub's public key: its
/// accounts, its transfers and the signed head, in tables like the hub's own. No names, no cards,
/// no taps.
public final class Bundle {
    private static final int CACHE_KILOBYTES = 16_384;
    private static final List<String> TABLES = List.of("book", "account", "transfer");

    private static final String ACCOUNT =
            "book_id, number, kind, owner, debits, credits, last_entry, is_closed";

    private static final String PENDING = ", pending_debits, pending_credits";

    private Bundle() {}

    /// Writes a bundle of what a transaction sees of the hub's database; a running hub is not
    /// disturbed. The file is there whole or not at all.
    ///
    /// @param from within a transaction
    /// @param nowMicros the hub's clock
    /// @return the head in it, empty if the book has no transfer: then there is no file
    /// @throws IOException if there is a file of that name already, or it cannot be written
    public static Optional<SignedHead> write(
            Sql from, BookId book, HeadKey key, long nowMicros, Path bundle)
            throws IOException, SQLException {
        if (Files.exists(bundle)) {
            throw new IOException(
                    bundle + " is there already. Name another file, or move that one away.");
        }
        Path part = bundle.resolveSibling(bundle.getFileName() + ".part");
        Files.deleteIfExists(part);
        // Only its owner may read whose hours these are.
        DataFolder.writePrivate(part, new byte[0]);
        Optional<SignedHead> head = fill(part, from, book, key, nowMicros);
        if (head.isPresent()) {
            Files.move(part, bundle, StandardCopyOption.ATOMIC_MOVE);
        } else {
            Files.delete(part);
        }
        return head;
    }

    /// @return the line in a bundle, empty if the database is none
    public static Optional<String> headIn(Sql sql) throws SQLException {
        boolean isBundle =
                sql.engine() == Engine.SQLITE
                        && sql.number(
                                        "SELECT COUNT(*) FROM sqlite_schema"
                                                + " WHERE name = 'signed_head'")
                                > 0;
        return isBundle
                ? sql.one("SELECT line FROM signed_head", row -> row.getString(1))
                : Optional.empty();
    }

    private static Optional<SignedHead> fill(
            Path part, Sql from, BookId book, HeadKey key, long nowMicros) throws SQLException {
        try (Sqlite open = Sqlite.open(part, CACHE_KILOBYTES)) {
            Sql to = new Sql(open);
            Optional<SignedHead> head =
                    open.<Optional<SignedHead>, SQLException>transaction(_ -> {
                        copy(from, to, book);
                        Optional<SignedHead> newest =
                                new Statements(to).signedHead(book, key, nowMicros);
                        if (newest.isPresent()) {
                            to.update("INSERT INTO signed_head VALUES (?)", newest.get().line());
                        }
                        return newest;
                    });
            try (Statement statement = open.connection().createStatement()) {
                // One file that can be read from wherever it is, also where nothing can be written.
                statement.execute("PRAGMA journal_mode = DELETE");
            }
            return head;
        }
    }

    private static void copy(Sql from, Sql to, BookId book) throws SQLException {
        for (String words : Schema.tables(TABLES)) {
            to.update(words);
        }
        to.update("CREATE TABLE signed_head (line TEXT NOT NULL) STRICT");
        copy(from, to, "book", "*", "book_id", book);
        // Not what people call them, nor what was agreed with them.
        String columns = TransferRow.hasStages(from) ? ACCOUNT + PENDING : ACCOUNT;
        copy(from, to, "account", columns, "number", book);
        copy(from, to, "transfer", "*", "sequence", book);
    }

    /// @param order for transfers the one in which a file is verified, as they lie
    private static void copy(
            Sql from, Sql to, String table, String columns, String order, BookId book)
            throws SQLException {
        List<String> insert = new ArrayList<>();
        from.each(
                "SELECT %s FROM %s WHERE book_id = ? ORDER BY %s".formatted(columns, table, order),
                row -> {
                    if (insert.isEmpty()) {
                        insert.add(BooksMove.insert(table, row.getMetaData()));
                    }
                    to.update(insert.getFirst(), BooksMove.values(row));
                },
                book.value());
    }
}
