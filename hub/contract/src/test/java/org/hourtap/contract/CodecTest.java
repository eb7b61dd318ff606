package org.hourtap.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class CodecTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    /// The bytes of version 1 never change. `-Dgolden.write=true` writes the files of a new
    /// message.
    @Test
    void everyMessageLooksAsItAlwaysDid() throws Exception {
        for (Map.Entry<String, Message> entry : ContractFixtures.oneOfEach().entrySet()) {
            Path file = GOLDEN.resolve(entry.getKey() + ".json");
            String json = inflated(Codec.encode(entry.getValue()));
            if (Boolean.getBoolean("golden.write")) {
                Files.writeString(file, json + "\n");
            }
            assertThat(json).as("%s", file).isEqualTo(Files.readString(file).strip());
            assertThat(Codec.decode(json.getBytes(UTF_8))).isEqualTo(entry.getValue());
        }
    }

    @Test
    void anEventComesBackAsItWasJournalled() throws Exception {
        for (TapEvent event : List.of(ContractFixtures.swim(), ContractFixtures.declined())) {
            assertThat(Codec.decodeEvent(Codec.encodeEvent(event))).isEqualTo(event);
        }
    }

    @Test
    void aLargeMessageIsCompressedAndComesBack() throws Exception {
        List<String> events = new ArrayList<>();
        for (int i = 0; i < EventBatch.EVENTS_MAX; i++) {
            events.add(Codec.encodeEvent(ContractFixtures.swim()));
        }
        EventBatch batch = new EventBatch(1, events, ContractFixtures.NOON);
        byte[] wire = Codec.encode(batch);
        assertThat(wire).hasSizeLessThan(20_000);
        assertThat(Codec.decode(wire)).isEqualTo(batch);
    }

    @Test
    void unknownKeysOfANewerPeerAreIgnored() throws Exception {
        assertThat(decode("{\"v\":1,\"type\":\"get\",\"since\":7,\"later\":{\"a\":[1]}}"))
                .isEqualTo(new FeedRequest(7));
    }

    @Test
    void aPageSaysWhoWritesTheBookIfItIsKnown() throws Exception {
        FeedPage page = new FeedPage(3, List.of(), 5, 9, false, List.of(), 1);
        assertThat(new String(Codec.encode(page), UTF_8)).doesNotContain("writer");
        assertThat(Codec.decode(Codec.encode(page))).isEqualTo(page);
        assertThat(Codec.decode(Codec.encode(page.by(8)))).isEqualTo(page.by(8));
    }

    @Test
    void everythingElseIsRefusedInASentence() {
        for (String bad :
                List.of(
                        "",
                        "null",
                        "[]",
                        "{}",
                        "nonsense",
                        "{\"v\":2,\"type\":\"get\",\"since\":7}",
                        "{\"v\":1,\"type\":\"drop\",\"since\":7}",
                        "{\"v\":1,\"since\":7}",
                        "{\"v\":1,\"type\":\"get\"}",
                        "{\"v\":1,\"type\":\"get\",\"since\":-1}",
                        "{\"v\":1,\"type\":\"get\",\"since\":null}",
                        "{\"v\":1,\"type\":\"get\",\"since\":1.5}",
                        "{\"v\":1,\"type\":\"get\",\"since\":\"7\"}",
                        "{\"v\":1,\"type\":\"get\",\"since\":99999999999999999999999}",
                        "{\"v\":1,\"type\":\"get\",\"since\":7} trailing",
                        "{\"v\":1,\"type\":\"events\",\"oldestHeld\":1,\"events\":null,\"at\":null}",
                        "{\"v\":1,\"type\":\"events\",\"oldestHeld\":1,\"events\":[],\"at\":null}",
                        "{\"v\":1,\"type\":\"state\",\"epoch\":1,\"state\":null}",
                        "{\"v\":1,\"type\":\"state\",\"epoch\":1,\"state\":0}",
                        "{\"v\":1,\"a\":" + "[".repeat(100) + "]".repeat(100) + "}")) {
            assertThatExceptionOfType(MalformedMessageException.class)
                    .as(bad)
                    .isThrownBy(() -> decode(bad));
        }
    }

    @Test
    void aBombIsNoticedBeforeItIsInflated() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(new byte[200 << 20]);
        }
        assertThatThrownBy(() -> Codec.decode(out.toByteArray()))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("larger than");
    }

    @Test
    void aFlippedByteIsRefusedOrReadButNeverThrowsAnythingElse() {
        for (long seed = 0; seed < 2_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] wire = Codec.encode(ContractFixtures.feed());
            for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
                wire[random.nextInt(wire.length)] = (byte) random.nextInt(256);
            }
            try {
                assertThat(Codec.decode(wire)).as("seed %d", seed).isInstanceOf(FeedPage.class);
            } catch (MalformedMessageException e) {
                assertThat(e.getMessage()).as("seed %d", seed).isNotBlank();
            }
        }
    }

    @Test
    void aTapWithAHoleIsRefused() {
        String whole = Codec.encodeEvent(ContractFixtures.swim());
        for (String key : List.of("card", "id", "at", "kind", "proof", "minutes", "sequence")) {
            String hole =
                    whole.replaceFirst(
                            "\"" + key + "\":(\\{[^}]*}|[^,}]*)", "\"" + key + "\":null");
            assertThat(hole).isNotEqualTo(whole);
            assertThatExceptionOfType(MalformedMessageException.class)
                    .as(hole)
                    .isThrownBy(() -> Codec.decodeEvent(hole));
        }
    }

    private static Message decode(String json) throws MalformedMessageException {
        return Codec.decode(json.getBytes(UTF_8));
    }

    private static String inflated(byte[] wire) throws IOException {
        if (wire[0] == '{') {
            return new String(wire, UTF_8);
        }
        try (GZIPInputStream in = new GZIPInputStream(new java.io.ByteArrayInputStream(wire))) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }
}
