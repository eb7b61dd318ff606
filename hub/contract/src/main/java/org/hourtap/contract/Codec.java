package org.hourtap.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/// Messages to bytes and back: JSON with readable keys, `{"v":1,"type":…}`, gzip above 1 KB.
/// Reading is bounded in every direction, because a broker is not trusted. Unknown keys are
/// ignored, so that a newer peer may add some; golden files pin the bytes of version 1.
public final class Codec {
    /// The wire version in every message and every topic.
    public static final int VERSION = 1;

    /// Largest message after inflating: a full batch is 180 KB, so this is ample and harmless.
    public static final int MESSAGE_BYTES_MAX = 1 << 20;

    /// Below this gzip saves nothing worth its header.
    private static final int GZIP_ABOVE_BYTES = 1024;

    private static final String WRITER = "writer";

    private static final int STRING_LENGTH_MAX = 4096;
    private static final int NESTING_MAX = 8;
    private static final int NUMBER_LENGTH_MAX = 20;

    private static final JsonMapper MAPPER = mapper();

    private Codec() {}

    /// @return the message as it goes on the wire
    public static byte[] encode(Message message) {
        try {
            ObjectNode tree = MAPPER.createObjectNode();
            tree.put("v", VERSION);
            tree.setAll((ObjectNode) MAPPER.valueToTree(message));
            if (message instanceof FeedPage page && page.writer() == 0) {
                tree.remove(WRITER);
            }
            byte[] json = MAPPER.writeValueAsBytes(tree);
            return json.length > GZIP_ABOVE_BYTES ? gzip(json) : json;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @throws MalformedMessageException if the bytes are not a message of this version
    public static Message decode(byte[] bytes) throws MalformedMessageException {
        byte[] json = isGzip(bytes) ? gunzip(bytes) : bytes;
        if (json.length > MESSAGE_BYTES_MAX) {
            throw new MalformedMessageException("message is larger than " + MESSAGE_BYTES_MAX);
        }
        try {
            JsonNode tree = MAPPER.readTree(json);
            int version = tree == null ? 0 : tree.path("v").asInt();
            if (version != VERSION) {
                throw new MalformedMessageException(
                        "message has wire version " + version + ", this program knows only 1");
            }
            if (tree instanceof ObjectNode read && !read.has(WRITER)) {
                read.put(WRITER, 0); // came later; not every hub says it, other messages have none
            }
            Message message = MAPPER.treeToValue(tree, Message.class);
            Completeness.check((Record) message);
            return message;
        } catch (JacksonException e) {
            throw new MalformedMessageException("not a message: " + said(e), e);
        } catch (IOException e) {
            throw new MalformedMessageException("not a message", e);
        }
    }

    /// @return the exact text that is journalled, sent and kept for this tap
    public static String encodeEvent(TapEvent event) {
        try {
            return MAPPER.writeValueAsString(event);
        } catch (JacksonException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @throws MalformedMessageException if the text is not a tap
    public static TapEvent decodeEvent(String text) throws MalformedMessageException {
        try {
            TapEvent event = MAPPER.readValue(text, TapEvent.class);
            if (event == null) {
                throw new MalformedMessageException("not a tap: null");
            }
            Completeness.check(event);
            return event;
        } catch (JacksonException e) {
            throw new MalformedMessageException("not a tap: " + said(e), e);
        }
    }

    /// @return the row as the hub keeps it until terminals fetch it
    public static String encodeRow(FeedRow row) {
        try {
            return MAPPER.writerFor(FeedRow.class).writeValueAsString(row);
        } catch (JacksonException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @throws MalformedMessageException if the text is not a feed row
    public static FeedRow decodeRow(String text) throws MalformedMessageException {
        try {
            FeedRow row = MAPPER.readValue(text, FeedRow.class);
            if (row == null) {
                throw new MalformedMessageException("not a feed row: null");
            }
            Completeness.check((Record) row);
            return row;
        } catch (JacksonException e) {
            throw new MalformedMessageException("not a feed row: " + said(e), e);
        }
    }

    private static String said(JacksonException e) {
        return e.getOriginalMessage().lines().findFirst().orElse("").strip();
    }

    private static boolean isGzip(byte[] bytes) {
        return bytes.length > 2 && bytes[0] == (byte) 0x1f && bytes[1] == (byte) 0x8b;
    }

    private static byte[] gzip(byte[] json) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(json.length / 3);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(json);
        }
        return out.toByteArray();
    }

    private static byte[] gunzip(byte[] bytes) throws MalformedMessageException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            // One byte more than allowed, so that a bomb is noticed without being inflated.
            return in.readNBytes(MESSAGE_BYTES_MAX + 1);
        } catch (IOException e) {
            throw new MalformedMessageException("damaged gzip", e);
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
                                        .maxDocumentLength(MESSAGE_BYTES_MAX)
                                        .build())
                        .build();
        JsonMapper.Builder builder =
                JsonMapper.builder(bounded)
                        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                        .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                        .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                        .defaultPropertyInclusion(
                                JsonInclude.Value.construct(
                                        JsonInclude.Include.ALWAYS, JsonInclude.Include.ALWAYS))
                        .addMixIn(Message.class, TypedMessage.class)
                        .addMixIn(FeedRow.class, TypedRow.class)
                        .addMixIn(Credits.class, Minutes.class);
        for (Class<?> id :
                new Class<?>[] {
                    BookId.class, TerminalId.class, CardId.class,
                    VenueId.class, ActivityId.class, MemberId.class
                }) {
            builder.addMixIn(id, Text.class);
        }
        return builder.addMixIn(TransferId.class, TransferText.class).build();
    }

    // The records stay free of annotations; how they look on the wire is said here.

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Hello.class, name = "hello"),
        @JsonSubTypes.Type(value = EventBatch.class, name = "events"),
        @JsonSubTypes.Type(value = FeedRequest.class, name = "get"),
        @JsonSubTypes.Type(value = TerminalReport.class, name = "state"),
        @JsonSubTypes.Type(value = FeedPage.class, name = "feed")
    })
    private interface TypedMessage {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "row")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = FeedRow.CardRow.class, name = "card"),
        @JsonSubTypes.Type(value = FeedRow.ProfileRow.class, name = "profile"),
        @JsonSubTypes.Type(value = FeedRow.PolicyRow.class, name = "policy")
    })
    private interface TypedRow {}

    @SuppressWarnings("UnusedVariable") // Jackson reads the signature
    private abstract static class Text {
        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        Text(String value) {}

        @JsonValue
        abstract String value();
    }

    @SuppressWarnings("UnusedVariable") // Jackson reads the signature
    private abstract static class TransferText {
        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        TransferText(UUID value) {}

        @JsonValue
        abstract UUID value();
    }

    @SuppressWarnings("UnusedVariable") // Jackson reads the signature
    private abstract static class Minutes {
        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        Minutes(long minutes) {}

        @JsonValue
        abstract long minutes();
    }
}
