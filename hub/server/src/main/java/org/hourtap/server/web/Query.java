package org.hourtap.server.web;

import io.javalin.http.Context;
import org.jspecify.annotations.Nullable;

/// What stands behind the question mark.
final class Query {
    private Query() {}

    /// @return the id to continue a list after, empty for the start
    static String after(Context context) {
        @Nullable String after = context.queryParam("after");
        return after == null ? "" : after;
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
