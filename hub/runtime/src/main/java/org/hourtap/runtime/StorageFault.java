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
    UNREACHABLE(
            "The database server cannot be reached. See that PostgreSQL runs and that its address"
                    + " is right; work goes on by itself then."),
    CONTENDED("The database was changed by someone else meanwhile. Try again in a few seconds."),
    NO_ENTRY(
            "The database server refused the user or the password. Check the user in the setting"
                    + " 'database' and the password in the file database.password."),
    NO_SUCH_DATABASE(
            "The database server has no database of that name. Make it (createdb), or correct the"
                    + " setting 'database'."),
    NO_RIGHT(
            "The database user may not do that. Make it the owner of the database, or grant it all"
                    + " rights to its schema."),
    STANDBY(
            "The database server takes no changes, as a standby does. Promote it, or name the"
                    + " primary in the setting 'database'."),
    TAKEN_OVER(
            "Another hub has taken these books over; nothing was written. Stop this one, or restart"
                    + " it to take them back."),
    OTHER("The database refused a statement. Report this with the log.");

    /// How an exception says that it is [#TAKEN_OVER].
    public static final String TAKEN_OVER_STATE = "HT001";

    private final String advice;

    StorageFault(String advice) {
        this.advice = advice;
    }

    /// @return one or two sentences that say what to do
    public String advice() {
        return advice;
    }

    /// @return whether it may be gone when the same is tried again at once or a little later
    public boolean isPassing() {
        return this == UNREACHABLE || this == CONTENDED;
    }

    public static StorageFault of(SQLException e) {
        return e instanceof SQLiteException sqlite
                ? of(sqlite.getResultCode())
                : of(String.valueOf(e.getSQLState()));
    }

    private static StorageFault of(SQLiteErrorCode code) {
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

    /// @param state an SQLSTATE as PostgreSQL and what speaks its protocol use them
    private static StorageFault of(String state) {
        return switch (state) {
            case "40001", "40P01" -> CONTENDED;
            case "53100" -> DISK_FULL;
            case "58030" -> DISK_ERROR;
            case "XX001", "XX002" -> DAMAGED;
            case "3D000" -> NO_SUCH_DATABASE;
            case "42501" -> NO_RIGHT;
            case "25006" -> STANDBY;
            case TAKEN_OVER_STATE -> TAKEN_OVER;
            // Shut down, crashed, starting up, without room for one more connection, or tired of
            // waiting for us.
            case "57P01", "57P02", "57P03", "57P05", "53300", "25P03" -> UNREACHABLE;
            default ->
                    state.startsWith("08")
                            ? UNREACHABLE
                            : state.startsWith("28") ? NO_ENTRY : OTHER;
        };
    }
}
