package org.hourtap.server.books;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// A row of the journal as it stands in the table. Its hash is over all columns before the hash in
/// their order, but with the accounts by name: their numbers mean something in this database only.
final class TransferRow {
    private static final int SEQUENCE = 1;
    private static final int DEBIT = 3;
    private static final int CREDIT = 4;
    private static final int MINUTES = 5;
    private static final int DEBIT_PREVIOUS = 14;
    private static final int CREDIT_PREVIOUS = 15;
    private static final int DEBIT_BALANCE = 16;
    private static final int CREDIT_BALANCE = 17;
    private static final int HASH = 18;

    private final @Nullable Object[] values;

    /// @param values of the columns: a [Long], a [String], a `byte[]` or null each; the hash last,
    ///   or absent
    TransferRow(@Nullable Object... values) {
        this.values = values;
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
                row.getBytes(HASH + 1));
    }

    private static @Nullable Long numberOrNull(ResultSet row, int column) throws SQLException {
        long number = row.getLong(column);
        return row.wasNull() ? null : number;
    }

    /// @param debit the account's name, such as `MEMBER:ann`
    byte[] hash(Chain chain, byte[] previous, String debit, String credit) {
        @Nullable Object[] hashed = new @Nullable Object[HASH];
        System.arraycopy(values, 0, hashed, 0, HASH);
        hashed[DEBIT] = debit;
        hashed[CREDIT] = credit;
        return chain.next(previous, hashed);
    }

    /// @return all columns and this hash, to be written
    @Nullable Object[] with(byte[] hash) {
        @Nullable Object[] written = new @Nullable Object[HASH + 1];
        System.arraycopy(values, 0, written, 0, HASH);
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

    private long number(int column) {
        return values[column] instanceof Long number ? number : 0;
    }
}
