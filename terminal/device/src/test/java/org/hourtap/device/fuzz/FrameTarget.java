package org.hourtap.device.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import org.hourtap.card.CardChannel;
import org.hourtap.card.CardLostException;
import org.hourtap.device.vpcd.VpcdCardReader;
import org.hourtap.runtime.SystemTime;
import org.hourtap.tap.ReaderException;

/// A virtual card that answers ahead of all questions: its frames, as they come. Whatever they are,
/// they cost nobody but that card, and the next one is served.
final class FrameTarget implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final byte[] QUESTION = HexFormat.of().parseHex("ffca000000");

    /// An ATR and one answer.
    private static final byte[] GOOD = HexFormat.of().parseHex("00063b8180018080" + "00029000");

    private static final int QUESTIONS = 3;

    private final VpcdCardReader reader;

    FrameTarget() throws IOException {
        reader = VpcdCardReader.open(0, SystemTime::bootMicros);
    }

    void attack(byte[] input) throws IOException, ReaderException, CardLostException {
        try (Socket _ = entered(input)) {
            Optional<CardChannel> channel = reader.awaitCard(PATIENCE);
            for (int i = 0; channel.isPresent() && i < QUESTIONS; i++) {
                assertThat(channel.get().transceive(QUESTION).length).isBetween(2, 512);
            }
        } catch (CardLostException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
        release();
        try (Socket _ = entered(GOOD)) {
            assertThat(reader.awaitCard(PATIENCE).orElseThrow().transceive(QUESTION)).hasSize(2);
        }
        release();
    }

    private Socket entered(byte[] frames) throws IOException {
        Socket card = new Socket(InetAddress.getLoopbackAddress(), reader.port());
        card.getOutputStream().write(frames);
        card.shutdownOutput();
        return card;
    }

    private void release() {
        boolean isFree = false;
        for (int i = 0; i < 20 && !isFree; i++) {
            isFree = reader.release(PATIENCE);
        }
        assertThat(isFree).as("the reader is free again").isTrue();
    }

    @Override
    public void close() {
        reader.close();
    }
}
