package org.hourtap.server.web;

import io.javalin.http.Context;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/// What stands behind the question mark.
final class Query {
    private Query() {}

    /// @return the id to continue a list after, empty for the start
    static String after(Context context) {
        @Nullable String after = context.queryParam("after");
        return after == null ? "" : after;
    }

    /// @param text a day, of which all is meant, or a time such as `2026-11-22T18:00:00Z`
    /// @return when it ends, microseconds since 1970
    static long end(String text) throws Problem {
        try {
            Instant end =
                    text.contains("T")
                            ? Instant.parse(text)
                            : LocalDate.parse(text)
                                    .plusDays(1)
                                    .atStartOfDay(ZoneOffset.UTC)
                                    .toInstant();
            return Math.multiplyExact(end.toEpochMilli(), 1_000L);
        } catch (DateTimeParseException e) {
            throw new Problem(
                    400,
                    "An end is a day, 2026-11-22, or a time by UTC, 2026-11-22T18:00:00Z; not "
                            + text
                            + ".");
        }
    }

    static long number(Context context, String key, long otherwise) throws Problem {
        @Nullable String text = context.queryParam(key);
        if (text == null) {
            return otherwise;
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new Problem(400, "'" + key + "' is a whole number.");
        }
    }
}
