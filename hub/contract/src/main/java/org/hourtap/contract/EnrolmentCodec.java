package org.hourtap.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;

/// Enrolment to bytes and back: JSON as the body of one HTTP request and its answer, `{"v":1,…}`.
/// Whoever sends it is a stranger until its proof has been checked, so reading is bounded.
public final class EnrolmentCodec {
    /// Largest request or reply: two certificates take 2 KB.
    public static final int BYTES_MAX = 16 * 1024;

    private static final int STRING_LENGTH_MAX = 4096;
    private static final int NESTING_MAX = 2;
    private static final int NUMBER_LENGTH_MAX = 10;

    private static final JsonMapper MAPPER = mapper();

    private EnrolmentCodec() {}

    public static byte[] encode(EnrolmentRequest request) {
        return encodeRecord(request);
    }

    public static byte[] encode(EnrolmentReply reply) {
        return encodeRecord(reply);
    }

    /// @throws MalformedMessageException if the bytes are not a request of this version
    public static EnrolmentRequest decodeRequest(byte[] bytes) throws MalformedMessageException {
        return decode(bytes, EnrolmentRequest.class);
    }

    /// @throws MalformedMessageException if the bytes are not a reply of this version
    public static EnrolmentReply decodeReply(byte[] bytes) throws MalformedMessageException {
        return decode(bytes, EnrolmentReply.class);
    }

    private static byte[] encodeRecord(Record message) {
        try {
            ObjectNode tree = MAPPER.createObjectNode();
            tree.put("v", Codec.VERSION);
            tree.setAll((ObjectNode) MAPPER.valueToTree(message));
            return MAPPER.writeValueAsBytes(tree);
        } catch (JacksonException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T extends Record> T decode(byte[] bytes, Class<T> type)
            throws MalformedMessageException {
        if (bytes.length > BYTES_MAX) {
            throw new MalformedMessageException("enrolment is larger than " + BYTES_MAX);
        }
        try {
            JsonNode tree = MAPPER.readTree(bytes);
            int version = tree.path("v").asInt();
            if (version != Codec.VERSION) {
                throw new MalformedMessageException(
                        "enrolment has version " + version + ", this program knows only 1");
            }
            T message = MAPPER.treeToValue(tree, type);
            Completeness.check(message);
            return message;
        } catch (JacksonException e) {
            String said = e.getOriginalMessage().lines().findFirst().orElse("").strip();
            throw new MalformedMessageException("not an enrolment: " + said, e);
        } catch (IOException e) {
            throw new MalformedMessageException("not an enrolment", e);
        }
    }

    private static JsonMapper mapper() {
        JsonFactory bounded =
                JsonFactory.builder()
                        .streamReadConstraints(
                                StreamReadConstraints.builder()
                                        .maxStringLength(STRING_LENGTH_MAX)
                                        .maxNestingDepth(NESTING_MAX)
                                        .maxNumberLength(NUMBER_LENGTH_MAX)
                                        .maxDocumentLength(BYTES_MAX)
                                        .build())
                        .build();
        return JsonMapper.builder(bounded)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .addMixIn(BookId.class, Text.class)
                .addMixIn(TerminalId.class, Text.class)
                .build();
    }

    // The records stay free of annotations; how they look on the wire is said here.

    @SuppressWarnings("UnusedVariable") // Jackson reads the signature
    private abstract static class Text {
        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        Text(String value) {}

        @JsonValue
        abstract String value();
    }
}
