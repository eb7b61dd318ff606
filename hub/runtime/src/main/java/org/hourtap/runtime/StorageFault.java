package org.hourtap.runtime;

import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// Why a database did not do what it was told, in the words of someone who can help.
public enum StorageFault {
    DISK_FULL("The disk is full. Free some space; work goes on by itself then."),
    DAMAGED("The database file is damaged."),
    READ_ONLY(
            "The database cannot be written. Check the folder's owner and that the disk is sound."),
    BUSY("Another program holds the database. Close it; work goes on by itself then."),
    DISK_ERROR("The disk reports errors. Copy the data folder elsewhere and replace the disk."),
    OTHER("The database refused a statement. Report this with the log.");

    private final String advice;

    StorageFault(String advice) {
        this.advice = advice;
    }

    /// @return one or two sentences that say what to do
    public String advice() {
        return advice;
    }

    public static StorageFault of(SQLException e) {
        if (!(e instanceof SQLiteException sqlite)) {
            return OTHER;
        }
        SQLiteErrorCode code = sqlite.getResultCode();
        // Extended codes carry the primary one in their low byte.
        return switch (code.code & 0xff) {
            case 13 -> DISK_FULL;
            case 11, 26 -> DAMAGED;
            case 8, 14, 3 -> READ_ONLY;
            case 5, 6 -> BUSY;
            // An IOERR while writing is how some file systems say that they are full.
            case 10 -> DISK_ERROR;
            default -> OTHER;
        };
    }
}
