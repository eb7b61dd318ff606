package org.hourtap.device.sqlite;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.hourtap.runtime.NewerDatabaseException;
import org.hourtap.runtime.Sqlite;
import org.hourtap.runtime.StorageFault;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// Whether a file is made as we make it: head, pages and tables. What is in its rows is looked at
/// when they are read, see [Seal].
final class Checkup {
    /// The head's values are the same in every file of ours. Of others some make SQLite refuse the
    /// file without calling it damaged, or open it for reading only: a later SQLite may have
    /// written it. See "The Database Header" in SQLite's file format.
    private static final int SIZE = 100;

    private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
    private static final int PAGE_SIZE_AT = 16;

    /// Least version of SQLite for writing and for reading: one that knows write-ahead logs.
    private static final int VERSIONS_AT = 18;

    private static final short WITH_LOG = 0x0202;

    /// How tables are described, and how texts are written down (UTF-8); both 0 until the first
    /// table is in the file and no longer in its log only.
    private static final int FORMAT_AT = 44;

    private static final int FORMAT = 4;
    private static final int ENCODING_AT = 56;
    private static final int UTF_8 = 1;

    private Checkup() {}

    /// @return what is wrong with the head of the file, empty if nothing is
    static String ofHead(Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(SIZE);
        }
        ByteBuffer head = ByteBuffer.wrap(bytes);
        boolean isWhole =
                bytes.length == SIZE && head.slice(0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC));
        if (!isWhole || head.getShort(PAGE_SIZE_AT) != PageScan.PAGE) {
            return "its head is not that of a database";
        }
        boolean isOurs =
                head.getShort(VERSIONS_AT) == WITH_LOG
                        && isZeroOr(FORMAT, head.getInt(FORMAT_AT))
                        && isZeroOr(UTF_8, head.getInt(ENCODING_AT));
        return isOurs ? "" : "its head is not what was written";
    }

    /// @return what is wrong with the open file, empty if nothing is
    static String of(Sqlite sqlite) throws SQLException, NewerDatabaseException {
        try {
            String verdict = sqlite.integrityCheck();
            return verdict.equals("ok") ? Tables.suspicion(sqlite) : verdict;
        } catch (SQLException e) {
            return ofRefusal(e);
        }
    }

    /// Nothing was asked for but how the file is made: what SQLite does not understand of that is
    /// not as it was written.
    ///
    /// @return what it says
    /// @throws SQLException itself, if it is not about the file
    static String ofRefusal(SQLException e) throws SQLException {
        boolean isRefused =
                e instanceof SQLiteException refused
                        && refused.getResultCode() == SQLiteErrorCode.SQLITE_ERROR;
        if (StorageFault.of(e) == StorageFault.DAMAGED || isRefused) {
            return String.valueOf(e.getMessage());
        }
        throw e;
    }

    private static boolean isZeroOr(int expected, int found) {
        return found == 0 || found == expected;
    }
}
