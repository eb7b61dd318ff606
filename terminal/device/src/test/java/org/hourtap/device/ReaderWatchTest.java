package org.hourtap.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.hourtap.card.CardChannel;
import org.hourtap.device.testing.Awaiting;
import org.hourtap.tap.CardReader;
import org.hourtap.tap.Presented;
import org.hourtap.tap.ReaderException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReaderWatchTest {
    private static final Duration SLICE = Duration.ofMillis(200);

    private final AtomicLong micros = new AtomicLong();
    private final HangingReader reader = new HangingReader();
    private final List<String> news = new CopyOnWriteArrayList<>();
    private ReaderWatch watch;
    private CapturedLog log;

    /// Hangs where it is told to, until it is let go.
    private static final class HangingReader implements CardReader {
        final AtomicBoolean hangs = new AtomicBoolean();
        final AtomicBoolean fails = new AtomicBoolean();
        final AtomicInteger closed = new AtomicInteger();
        final CountDownLatch unplugged = new CountDownLatch(1);

        @Override
        public Optional<CardChannel> awaitCard(Duration timeout)
                throws ReaderException, InterruptedException {
            hang();
            if (fails.get()) {
                throw new ReaderException("No card reader is connected.");
            }
            return Optional.of(command -> {
                hang();
                return command;
            });
        }

        @Override
        public boolean release(Duration timeout) {
            hang();
            return true;
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }

        private void hang() {
            if (hangs.get()) {
                try {
                    unplugged.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    private final class NotingDesk implements ReaderLoop.Desk {
        @Override
        public void presented(Presented card) {
            news.add("presented");
        }

        @Override
        public void readerFailed(String sentence) {
            news.add(sentence);
        }

        @Override
        public void readerWorks() {
            news.add("works");
        }
    }

    @BeforeEach
    void open() {
        log = new CapturedLog(ReaderWatch.class);
        watch = new ReaderWatch(reader, new NotingDesk(), micros::get);
    }

    @AfterEach
    void close() {
        reader.unplugged.countDown();
        watch.close();
        log.close();
    }

    @Test
    void aReaderThatHangsIsSaidToStaffOnceAndIsWellAgainAfterTheNextGoodCall() throws Exception {
        reader.hangs.set(true);
        Thread loop = Thread.ofPlatform().start(() -> awaiting());
        laterUntilSaid();
        reader.hangs.set(false);
        reader.unplugged.countDown();
        loop.join();
        assertThat(news).containsExactly(ReaderWatch.SENTENCE, "works");
        awaiting();
        assertThat(news).hasSize(2);
    }

    @Test
    void aCardExchangeAndAReleaseAreTimedToo() throws Exception {
        CardChannel card = watch.awaitCard(SLICE).orElseThrow();
        reader.hangs.set(true);
        Thread tap =
                Thread.ofPlatform()
                        .start(() -> {
                            try {
                                card.transceive(new byte[5]);
                                watch.release(SLICE);
                            } catch (Exception e) {
                                news.add("unexpected " + e);
                            }
                        });
        laterUntilSaid();
        reader.hangs.set(false);
        reader.unplugged.countDown();
        tap.join();
        assertThat(news).containsExactly(ReaderWatch.SENTENCE, "works");
    }

    @Test
    void aCallThatEndsInAFailureIsLeftToTheReaderLoopToReport() throws Exception {
        reader.hangs.set(true);
        reader.fails.set(true);
        Thread loop =
                Thread.ofPlatform()
                        .start(() ->
                                assertThatThrownBy(() -> watch.awaitCard(SLICE))
                                        .hasMessageContaining("No card reader"));
        laterUntilSaid();
        reader.unplugged.countDown();
        loop.join();
        assertThat(news).containsExactly(ReaderWatch.SENTENCE);
        reader.fails.set(false);
        awaiting();
        assertThat(news).containsExactly(ReaderWatch.SENTENCE, "works");
    }

    @Test
    void aSlowAnswerIsNoTrouble() throws Exception {
        for (int call = 0; call < 20; call++) {
            assertThat(watch.awaitCard(SLICE)).isPresent();
            micros.addAndGet(10_000_000);
            assertThat(watch.release(SLICE)).isTrue();
        }
        assertThat(news).isEmpty();
        watch.close();
        assertThat(reader.closed).hasValue(1);
    }

    @Test
    void aStopDoesNotWaitForAReaderThatHangs() throws Exception {
        reader.hangs.set(true);
        Thread loop = Thread.ofPlatform().start(() -> awaiting());
        laterUntilSaid();
        watch.close();
        assertThat(reader.closed).hasValue(0);
        assertThat(log.messages()).last().asString().contains("while the reader did not answer");
        reader.unplugged.countDown();
        loop.join();
    }

    private void awaiting() {
        try {
            assertThat(watch.awaitCard(SLICE)).isPresent();
        } catch (ReaderException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void laterUntilSaid() throws Exception {
        Awaiting.until(
                "staff are told",
                () -> {
                    micros.addAndGet(6_000_000);
                    return !news.isEmpty();
                });
        micros.addAndGet(60_000_000);
    }
}
