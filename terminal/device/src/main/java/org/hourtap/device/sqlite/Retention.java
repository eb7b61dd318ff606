package org.hourtap.device.sqlite;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.hourtap.contract.ClockReading;
import org.hourtap.contract.ClockReading.Quality;
import org.hourtap.runtime.Sqlite;

/// Which taps are old enough to be forgotten. A hub that is restored from a backup asks for all
/// since then, so forgetting one too early can lose it.
///
/// What happened since the machine started is as old as its time since boot says, whatever the wall
/// clock does. A tap of an earlier boot is as old as the wall clocks say, if both were right: a
/// clock that nobody had set says any year. A tap made by such a clock is undated. It goes when a
/// later tap goes that is not.
final class Retention {
    private static final String OLDEST =
            "SELECT sequence, boot_id, mono_us, wall_us, text FROM journal"
                    + " WHERE sequence > ? AND sequence <= ? ORDER BY sequence LIMIT ?";
    private static final String FORGET =
            "DELETE FROM journal WHERE sequence IN (SELECT sequence FROM journal"
                    + " WHERE sequence <= ? ORDER BY sequence LIMIT ?)";

    private final Sqlite sqlite;

    /// All up to here are undated, and need not be looked at again with each purge.
    private long undatedUpTo;

    Retention(Sqlite sqlite) {
        this.sqlite = sqlite;
    }

    /// @param acknowledged only taps up to this are looked at
    /// @param max so many at a time
    /// @return the last tap of those that may be forgotten now; 0 if none may
    long oldUpTo(ClockReading now, long keptMicros, long acknowledged, int max)
            throws SQLException {
        boolean isDated = isDated(now.quality());
        PreparedStatement oldest = sqlite.prepared(OLDEST);
        oldest.setLong(1, isDated ? undatedUpTo : 0);
        oldest.setLong(2, acknowledged);
        oldest.setInt(3, max);
        long upTo = 0;
        try (ResultSet rows = oldest.executeQuery()) {
            while (rows.next()) {
                boolean isThisBoot = rows.getString(2).equals(now.bootId());
                if (!isThisBoot && !(isDated && isDated(madeBy(rows.getString(5))))) {
                    if (isDated && upTo == 0) {
                        undatedUpTo = rows.getLong(1);
                    }
                    continue;
                }
                long age =
                        isThisBoot
                                ? now.monotonicMicros() - rows.getLong(3)
                                : now.wallMicros() - rows.getLong(4);
                if (age <= keptMicros) {
                    break;
                }
                upTo = rows.getLong(1);
            }
        }
        return upTo;
    }

    /// @return how many were forgotten; call again until there is nothing more
    int forget(long upTo, int max) throws SQLException {
        PreparedStatement delete = sqlite.prepared(FORGET);
        delete.setLong(1, upTo);
        delete.setInt(2, max);
        return delete.executeUpdate();
    }

    private static Quality madeBy(String text) throws SQLException {
        return Journal.decoded(text).at().quality();
    }

    private static boolean isDated(Quality quality) {
        return quality == Quality.HUB || quality == Quality.NTP;
    }
}
