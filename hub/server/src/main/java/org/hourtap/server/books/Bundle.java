package org.hourtap.server.books;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
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

    /// Writes a bundle of what the hub's database holds at this moment; a running hub is not
    /// disturbed. The file is there whole or not at all.
    ///
    /// @param nowMicros the hub's clock
    /// @return the head in it, empty if the book has no transfer: then there is no file
    /// @throws IOException if there is a file of that name already, or it cannot be written
    public static Optional<SignedHead> write(
            Path database, BookId book, HeadKey key, long nowMicros, Path bundle)
            throws IOException, SQLException {
        if (Files.exists(bundle)) {
            throw new IOException(
                    bundle + " is there already. Name another file, or move that one away.");
        }
        Path part = bundle.resolveSibling(bundle.getFileName() + ".part");
        Files.deleteIfExists(part);
        // Only its owner may read whose hours these are.
        DataFolder.writePrivate(part, new byte[0]);
        Optional<SignedHead> head = fill(part, database, book, key, nowMicros);
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
            Path part, Path database, BookId book, HeadKey key, long nowMicros)
            throws SQLException {
        try (Sqlite open = Sqlite.open(part, CACHE_KILOBYTES)) {
            try (PreparedStatement attach =
                    open.connection().prepareStatement("ATTACH DATABASE ? AS hub")) {
                attach.setString(1, database.toString());
                attach.execute();
            }
            Sql sql = new Sql(open);
            Optional<SignedHead> head =
                    open.<Optional<SignedHead>, SQLException>transaction(connection -> {
                        copy(connection, sql, book);
                        Optional<SignedHead> newest =
                                new Statements(sql).signedHead(book, key, nowMicros);
                        if (newest.isPresent()) {
                            sql.update("INSERT INTO signed_head VALUES (?)", newest.get().line());
                        }
                        return newest;
                    });
            try (Statement statement = open.connection().createStatement()) {
                statement.execute("DETACH DATABASE hub");
                // One file that can be read from wherever it is, also where nothing can be written.
                statement.execute("PRAGMA journal_mode = DELETE");
            }
            return head;
        }
    }

    private static void copy(Connection connection, Sql sql, BookId book) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String table : TABLES) {
                // The hub's own words, so that a bundle has whatever columns its journal has.
                String words =
                        sql.one(
                                        "SELECT sql FROM hub.sqlite_schema"
                                                + " WHERE type = 'table' AND name = ?",
                                        row -> row.getString(1),
                                        table)
                                .orElseThrow(() -> new SQLException("no table " + table));
                statement.execute(words);
            }
            statement.execute("CREATE TABLE signed_head (line TEXT NOT NULL) STRICT");
        }
        sql.update("INSERT INTO book SELECT * FROM hub.book WHERE book_id = ?", book.value());
        // Not what people call them, nor what was agreed with them.
        String columns = TransferRow.hasStages(sql) ? ACCOUNT + PENDING : ACCOUNT;
        sql.update(
                "INSERT INTO account (%s) SELECT %s FROM hub.account WHERE book_id = ?"
                        .formatted(columns, columns),
                book.value());
        sql.update(
                "INSERT INTO transfer SELECT * FROM hub.transfer WHERE book_id = ?"
                        + " ORDER BY sequence",
                book.value());
    }
}
