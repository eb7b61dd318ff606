package org.hourtap.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hourtap.server.books.TestBooks.BARRY;
import static org.hourtap.server.books.TestBooks.BOB;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.hourtap.contract.SignedHead;
import org.hourtap.server.books.TestBooks;
import org.hourtap.server.certificates.HeadKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HeadNoticesTest {
    @TempDir Path folder;

    private final BlockingQueue<SignedHead> told = new LinkedBlockingQueue<>();
    private final AtomicLong boot = new AtomicLong(1);

    @Test
    void theNewestHeadIsToldAtTheStartAndADayLater() throws Exception {
        HeadKey key = HeadKey.open(folder.resolve("certificates"));
        boolean[] isTaken = {false};
        try (TestBooks books = TestBooks.furnished(folder);
                HeadNotices notices =
                        HeadNotices.start(
                                () -> Set.of(BARRY),
                                books.reading(),
                                key,
                                (book, head) -> {
                                    told.add(head);
                                    boolean taken = isTaken[0];
                                    isTaken[0] = true;
                                    return taken;
                                },
                                books::nowMicros,
                                boot::get)) {
            assertThat(notices).isNotNull();
            assertThat(next().number()).isEqualTo(1);
            // The first was not taken, so it comes again soon, and then not for a day.
            pass(Duration.ofMinutes(2));
            SignedHead first = next();
            assertThat(HeadKey.isSigned(key.publicKey(), first)).isTrue();
            assertThat(SignedHead.parse(first.line())).isEqualTo(first);
            books.give(5, BOB, 60);
            pass(Duration.ofHours(23));
            assertThat(told.poll(1, TimeUnit.SECONDS)).isNull();
            pass(Duration.ofHours(2));
            assertThat(next().number()).isEqualTo(2);
        }
    }

    private SignedHead next() throws InterruptedException {
        SignedHead head = told.poll(20, TimeUnit.SECONDS);
        if (head == null) {
            throw new AssertionError("no head was told");
        }
        return head;
    }

    private void pass(Duration time) {
        boot.addAndGet(time.toNanos() / 1_000);
    }
}
