package org.hourtap.device.sqlite;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.sqlite.Function;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// A checksum beside each row, because SQLite has none: a memory card that flips a bit would
/// otherwise turn one member's tap into another's. CRC-32C notices any three flipped bits in a row
/// of ours, whatever its length.
final class Seal {
    private static final String FUNCTION = "seal_of";

    private Seal() {}

    /// @param values each a [Long], a [String], a `byte[]` or null
    static long of(List<? extends @Nullable Object> values) {
        CRC32C crc = new CRC32C();
        for (Object value : values) {
            byte[] bytes = bytes(value);
            crc.update(bytes);
            crc.update(bytes.length); // where one ends and the next begins
        }
        return crc.getValue();
    }

    /// Binds the values from the first parameter on, and their seal after them.
    static void bind(PreparedStatement statement, List<? extends @Nullable Object> values)
            throws SQLException {
        for (int i = 0; i < values.size(); i++) {
            Object value = values.get(i);
            if (value == null) {
                statement.setNull(i + 1, Types.NULL);
            } else {
                statement.setObject(i + 1, value);
            }
        }
        statement.setLong(values.size() + 1, of(values));
    }

    /// Goes to the next row; its last column is the seal of those before it.
    ///
    /// @return whether there is one
    /// @throws SQLException as of a damaged file, if the row is not what was written
    static boolean next(ResultSet rows) throws SQLException {
        if (!rows.next()) {
            return false;
        }
        if (!fits(rows)) {
            throw broken("a row is not what was written");
        }
        return true;
    }

    static boolean fits(ResultSet row) throws SQLException {
        int columns = row.getMetaData().getColumnCount();
        return of(values(row, columns - 1)) == row.getLong(columns);
    }

    /// @return the first columns of a row
    static List<@Nullable Object> values(ResultSet row, int columns) throws SQLException {
        List<@Nullable Object> values = new ArrayList<>(columns);
        for (int i = 1; i <= columns; i++) {
            values.add(row.getObject(i));
        }
        return values;
    }

    static SQLException broken(String what) {
        return new SQLiteException(what, SQLiteErrorCode.SQLITE_CORRUPT);
    }

    /// Lets a migration seal what was there before seals were: `seal_of(column, …)`.
    static void lend(java.sql.Connection connection) throws SQLException {
        Function.create(connection, FUNCTION, new OfRow());
    }

    private static byte[] bytes(@Nullable Object value) {
        return switch (value) {
            case null -> new byte[0];
            case byte[] bytes -> bytes;
            case String text -> text.getBytes(StandardCharsets.UTF_8);
            case Number number ->
                    ByteBuffer.allocate(Long.BYTES).putLong(number.longValue()).array();
            default -> throw new IllegalArgumentException("no column of ours: " + value.getClass());
        };
    }

    private static final class OfRow extends Function {
        /// SQLite's numbers for the types of values.
        private static final int INTEGER = 1;

        private static final int BLOB = 4;
        private static final int NULL = 5;

        @Override
        protected void xFunc() throws SQLException {
            List<@Nullable Object> values = new ArrayList<>();
            for (int i = 0; i < args(); i++) {
                values.add(
                        switch (value_type(i)) {
                            case INTEGER -> value_long(i);
                            case BLOB -> value_blob(i);
                            case NULL -> null;
                            default -> value_text(i);
                        });
            }
            result(of(values));
        }
    }
}
