package org.hourtap.server.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hourtap.server.books.TestBooks.ANN;
import static org.hourtap.server.books.TestBooks.ANNS_CARD;
import static org.hourtap.server.books.TestBooks.BARRY;
import static org.hourtap.server.books.TestBooks.POOL_DOOR;

import java.nio.file.Path;
import java.util.List;
import org.hourtap.contract.EventOutcome;
import org.hourtap.runtime.DataFolder;
import org.hourtap.server.backup.Backup;
import org.hourtap.server.backup.Restore;
import org.hourtap.server.books.TestBooks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a terminal sends again to books that came back from a backup.
@Timeout(60)
class RestoredTapsTest {
    @TempDir Path parent;

    @Test
    void tapsFromBeforeAndAfterTheBackupCountOnce() throws Exception {
        String[] taps = new String[3];
        Path safe = parent.resolve("safe");
        DataFolder.make(parent.resolve("hub"));
        try (TestBooks books = TestBooks.furnished(parent.resolve("hub"))) {
            Door pool = new Door(books, POOL_DOOR);
            for (int n = 1; n <= taps.length; n++) {
                taps[n - 1] = pool.spend(n, n, ANNS_CARD, 30);
            }
            pool.send(1, taps[0]);
            Backup.make(parent.resolve("hub"), null, "barry", safe, 0, books.nowMicros(), _ -> {});
            pool.send(1, taps[0], taps[1]);
            assertThat(books.balance(ANN)).isEqualTo(120);
        }
        Path back = parent.resolve("back");
        Restore.run(safe, back, false, TestBooks.NOON, _ -> {});
        try (TestBooks books = TestBooks.empty(back)) {
            assertThat(books.balance(ANN)).isEqualTo(150);
            Door pool = new Door(books, POOL_DOOR);
            for (int again = 0; again < 2; again++) {
                assertThat(pool.send(1, taps))
                        .extracting(EventOutcome::outcome)
                        .containsOnly(EventOutcome.Outcome.POSTED);
                assertThat(books.balance(ANN)).isEqualTo(90);
            }
            assertThat(pool.last()).isEqualTo(3);
            assertThat(books.trialBalance().isBalanced()).isTrue();
            List<Findings.Kept> found =
                    books.read(sql -> new Findings(sql).list(BARRY, Long.MAX_VALUE, 9));
            assertThat(found).isEmpty();
        }
    }
}
