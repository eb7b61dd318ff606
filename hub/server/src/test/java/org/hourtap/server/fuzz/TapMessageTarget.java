package org.hourtap.server.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.hourtap.contract.Codec;
import org.hourtap.contract.EventBatch;
import org.hourtap.contract.FeedPage;
import org.hourtap.contract.Message;
import org.hourtap.contract.TerminalId;
import org.hourtap.contract.Topics;
import org.hourtap.runtime.RoleThread;
import org.hourtap.runtime.SystemTime;
import org.hourtap.server.books.TestBooks;
import org.hourtap.server.cards.CardMacs;
import org.hourtap.server.desk.TerminalDesk;
import org.hourtap.server.inbox.Door;

/// What a hostile terminal publishes, as it reaches the desk: taken or kept aside, never in the
/// hub's way. Afterwards an honest terminal's tap is posted and acknowledged, and the books
/// balance.
///
/// An input's first byte chooses the topic, and whether the rest is a payload or the taps of a
/// batch, one a line.
final class TapMessageTarget implements AutoCloseable {
    private static final List<String> LEAVES =
            List.of("up/hello", "up/events", "up/get", "up/state", "down/feed");
    private static final TerminalId HOSTILE = TestBooks.POOL_DOOR;
    private static final TerminalId HONEST = TestBooks.LUNCH_DOOR;
    private static final int PATIENCE_SECONDS = 20;

    /// Where the honest terminal's ids begin, far from those of the corpus.
    private static final int HONEST_IDS = 2_000_000;

    /// A MAC that depends on every byte of the record, as a card's does.
    private static final CardMacs MACS =
            (_, record) -> List.of("%016x".formatted(Arrays.hashCode(record.bytes())));

    private final Alarms alarms = Alarms.listening();
    private final BlockingQueue<FeedPage> toHonest = new LinkedBlockingQueue<>();
    private final TestBooks books;
    private final TerminalDesk desk;
    private final Door honest;
    private int told;

    TapMessageTarget(Path folder) throws Exception {
        books = TestBooks.furnished(folder);
        honest = new Door(books, HONEST);
        desk =
                TerminalDesk.start(
                        books.bookkeeper(),
                        books.reading(),
                        (_, terminal, page) -> {
                            if (terminal.equals(HONEST)) {
                                toHonest.add(page);
                            }
                        },
                        MACS,
                        SystemTime::wallMicros,
                        RoleThread::startDraining);
    }

    void attack(byte[] input) throws Exception {
        if (input.length == 0) {
            return;
        }
        int how = Byte.toUnsignedInt(input[0]);
        byte[] rest = Arrays.copyOfRange(input, 1, input.length);
        boolean isBatch = how >= 128;
        String leaf = isBatch ? "up/events" : LEAVES.get(how % LEAVES.size());
        desk.received(topic(HOSTILE, leaf), isBatch ? batch(rest) : rest);
        postHonestly();
        assertThat(books.trialBalance().isBalanced()).isTrue();
        alarms.check();
    }

    private byte[] batch(byte[] lines) {
        List<String> taps = new String(lines, StandardCharsets.UTF_8).lines().limit(500).toList();
        return taps.isEmpty() ? lines : Codec.encode(new EventBatch(1, taps, honest.now()));
    }

    /// The desk takes messages in order, so that the answer to this one comes after the other.
    private void postHonestly() throws Exception {
        told++;
        String tap = honest.in(told, HONEST_IDS + told, TestBooks.BOBS_CARD);
        if (told % 2 == 0) {
            tap = honest.out(told, HONEST_IDS + told, TestBooks.BOBS_CARD);
        }
        Message batch = new EventBatch(1, List.of(tap), honest.now());
        desk.received(topic(HONEST, "up/events"), Codec.encode(batch));
        FeedPage page;
        do {
            page = toHonest.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(page).as("an answer to the honest terminal's tap %d", told).isNotNull();
        } while (page.outcomes().isEmpty());
        assertThat(page.outcomes().getLast().sequence()).isEqualTo(told);
        assertThat(page.acknowledged()).isEqualTo((long) told);
    }

    private static Topics.Topic topic(TerminalId terminal, String leaf) {
        return Topics.parse("hourtap/1/" + TestBooks.BARRY + "/" + terminal + "/" + leaf)
                .orElseThrow();
    }

    @Override
    public void close() throws IOException {
        desk.close();
        try {
            books.close();
        } catch (SQLException e) {
            throw new IOException(e);
        }
        alarms.close();
    }
}
