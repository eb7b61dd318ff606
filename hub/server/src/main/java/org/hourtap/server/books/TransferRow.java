package org.hourtap.server.books;

import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.hourtap.runtime.Engine;
import org.jspecify.annotations.Nullable;

/// A row of the journal as it stands in the table. Its hash is over all columns before the hash in
/// their order, but with the accounts by name: their numbers mean something in this database only.
/// The columns after the hash are absent in a transfer that moves hours at once, and then in what
/// is hashed; if one of them is there, all three follow, absent or not. So a row of either kind has
/// its own bytes, and rows from before there were these columns keep theirs.
final class TransferRow {
    private static final int SEQUENCE = 1;
    private static final int ID = 2;
    private static final int DEBIT = 3;
    private static final int CREDIT = 4;
    private static final int MINUTES = 5;
    private static final int DEBIT_PREVIOUS = 14;
    private static final int CREDIT_PREVIOUS = 15;
    private static final int DEBIT_BALANCE = 16;
    private static final int CREDIT_BALANCE = 17;
    private static final int HASH = 18;
    private static final int STAGE = 19;
    private static final int DECIDES = 20;
    private static final int UNTIL = 21;
    private static final int COLUMNS = 22;

    private final @Nullable Object[] values;

    /// @param values of the columns: a [Long], a [String], a `byte[]` or null each
    TransferRow(@Nullable Object... values) {
        this.values = values;
    }

    /// @return whether the journal has columns for what is pending; a copy or a bundle may be from
    ///   before them
    static boolean hasStages(Sql sql) throws SQLException {
        return sql.number(
                        sql.engine() == Engine.SQLITE
                                ? "SELECT COUNT(*) FROM pragma_table_info('transfer')"
                                        + " WHERE name = 'stage'"
                                : "SELECT COUNT(*) FROM information_schema.columns"
                                        + " WHERE table_schema = current_schema()"
                                        + " AND table_name = 'transfer' AND column_name = 'stage'")
                > 0;
    }

    /// @return what [#read] reads
    static String columns(boolean hasStages) {
        return hasStages ? "*" : "*, NULL, NULL, NULL";
    }

    /// @param row begins with the columns of the table
    static TransferRow read(ResultSet row) throws SQLException {
        return new TransferRow(
                row.getString(1),
                row.getLong(2),
                row.getBytes(3),
                row.getLong(4),
                row.getLong(5),
                row.getLong(6),
                row.getString(7),
                row.getBytes(8),
                row.getString(9),
                numberOrNull(row, 10),
                numberOrNull(row, 11),
                row.getLong(12),
                row.getLong(13),
                row.getLong(14),
                row.getLong(15),
                row.getLong(16),
                row.getLong(17),
                row.getLong(18),
                row.getBytes(HASH + 1),
                row.getString(STAGE + 1),
                row.getBytes(DECIDES + 1),
                numberOrNull(row, UNTIL + 1));
    }

    private static @Nullable Long numberOrNull(ResultSet row, int column) throws SQLException {
        long number = row.getLong(column);
        return row.wasNull() ? null : number;
    }

    /// @param debit the account's name, such as `MEMBER:ann`
    byte[] hash(Chain chain, byte[] previous, String debit, String credit) {
        boolean isPlain = isPlain();
        @Nullable Object[] hashed = new @Nullable Object[isPlain ? HASH : COLUMNS - 1];
        System.arraycopy(values, 0, hashed, 0, HASH);
        if (!isPlain) {
            System.arraycopy(values, STAGE, hashed, HASH, COLUMNS - STAGE);
        }
        hashed[DEBIT] = debit;
        hashed[CREDIT] = credit;
        return chain.next(previous, hashed);
    }

    /// @return all columns and this hash, to be written
    @Nullable Object[] with(byte[] hash) {
        @Nullable Object[] written = values.clone();
        written[HASH] = hash;
        return written;
    }

    String book() {
        return String.valueOf(values[0]);
    }

    long sequence() {
        return number(SEQUENCE);
    }

    long debit() {
        return number(DEBIT);
    }

    long credit() {
        return number(CREDIT);
    }

    long minutes() {
        return number(MINUTES);
    }

    long debitPrevious() {
        return number(DEBIT_PREVIOUS);
    }

    long creditPrevious() {
        return number(CREDIT_PREVIOUS);
    }

    long debitBalance() {
        return number(DEBIT_BALANCE);
    }

    long creditBalance() {
        return number(CREDIT_BALANCE);
    }

    byte @Nullable [] hash() {
        return (byte[]) values[HASH];
    }

    /// @return whether it moves hours at once
    boolean isPlain() {
        return values[STAGE] == null && values[DECIDES] == null && values[UNTIL] == null;
    }

    String stage() {
        return String.valueOf(values[STAGE]);
    }

    /// @return its id, as a key
    ByteBuffer id() {
        return key(values[ID]);
    }

    /// @return the id of the pending transfer that it decides, empty if there is none
    ByteBuffer decides() {
        return key(values[DECIDES]);
    }

    private static ByteBuffer key(@Nullable Object id) {
        return ByteBuffer.wrap(id instanceof byte[] bytes ? bytes : new byte[0]);
    }

    private long number(int column) {
        return values[column] instanceof Long number ? number : 0;
    }
}
