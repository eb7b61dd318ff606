package org.hourtap.server.web;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// JSON in and out, bounded. A body's unknown keys are refused by name, because they are typing
/// errors.
final class Json {
    /// Bodies here are a form's worth.
    static final int BODY_BYTES_MAX = 64 * 1024;

    private static final int STRING_LENGTH_MAX = 4_096;
    private static final int NESTING_MAX = 4;

    private static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxStringLength(STRING_LENGTH_MAX)
                                                    .maxNestingDepth(NESTING_MAX)
                                                    .build())
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private final JsonNode body;

    private Json(JsonNode body) {
        this.body = body;
    }

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /// @return a time by UTC, to the second
    static String time(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L)).toString();
    }

    static void render(Context context, int status, ObjectNode body) {
        context.status(status)
                .contentType("application/json")
                .result(body.toString().getBytes(StandardCharsets.UTF_8));
    }

    /// Reads a body of at most [#BODY_BYTES_MAX], whatever its length was announced to be.
    static byte[] bytes(Context context) throws Problem {
        try (InputStream in = context.bodyInputStream()) {
            byte[] bytes = in.readNBytes(BODY_BYTES_MAX + 1);
            if (bytes.length > BODY_BYTES_MAX) {
                throw new Problem(413, "The body is larger than 64 KB.");
            }
            return bytes;
        } catch (IOException e) {
            throw new Problem(400, "The body did not arrive whole.");
        }
    }

    /// @param keys what the body may have
    static Json read(Context context, String... keys) throws Problem {
        JsonNode body;
        try {
            body = MAPPER.readTree(bytes(context));
        } catch (JacksonException e) {
            String said = e.getOriginalMessage().lines().findFirst().orElse("");
            throw new Problem(400, "The body is not JSON: " + said);
        } catch (IOException e) {
            throw new Problem(400, "The body is not JSON.");
        }
        if (body == null || !body.isObject()) {
            throw new Problem(400, "The body has to be one JSON object.");
        }
        Set<String> unknown = new TreeSet<>();
        body.fieldNames().forEachRemaining(unknown::add);
        unknown.removeAll(Set.of(keys));
        if (!unknown.isEmpty()) {
            throw new Problem(
                    400,
                    "Unknown: "
                            + String.join(", ", unknown)
                            + ". This takes: "
                            + String.join(", ", keys)
                            + ".");
        }
        return new Json(body);
    }

    boolean has(String key) {
        return body.hasNonNull(key);
    }

    String text(String key) throws Problem {
        if (!body.path(key).isTextual()) {
            throw new Problem(400, "'" + key + "' is needed, as a text.");
        }
        return body.path(key).textValue();
    }

    String text(String key, String otherwise) throws Problem {
        return has(key) ? text(key) : otherwise;
    }

    long number(String key) throws Problem {
        if (!body.path(key).canConvertToLong() || !body.path(key).isIntegralNumber()) {
            throw new Problem(400, "'" + key + "' is needed, as a whole number.");
        }
        return body.path(key).longValue();
    }

    long number(String key, long otherwise) throws Problem {
        return has(key) ? number(key) : otherwise;
    }

    /// @return absent for `null`, which has to be said
    @Nullable Long numberOrNull(String key) throws Problem {
        return body.path(key).isNull() ? null : Long.valueOf(number(key));
    }

    boolean flag(String key) throws Problem {
        if (!body.path(key).isBoolean()) {
            throw new Problem(400, "'" + key + "' is needed, as true or false.");
        }
        return body.path(key).booleanValue();
    }

    <E extends Enum<E>> E choice(String key, Class<E> type) throws Problem {
        String value = text(key);
        for (E each : type.getEnumConstants()) {
            if (each.name().equals(value)) {
                return each;
            }
        }
        throw new Problem(
                400,
                "'"
                        + key
                        + "' is one of "
                        + java.util.Arrays.toString(type.getEnumConstants())
                        + ".");
    }
}
