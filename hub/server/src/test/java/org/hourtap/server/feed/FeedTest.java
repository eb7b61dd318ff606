package org.hourtap.server.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hourtap.server.books.TestBooks.ANN;
import static org.hourtap.server.books.TestBooks.BARRY;
import static org.hourtap.server.books.TestBooks.NOON;
import static org.hourtap.server.books.TestBooks.POOL_DOOR;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.hourtap.contract.FeedPage;
import org.hourtap.runtime.Engine;
import org.hourtap.server.books.TestBooks;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Engine.class)
@Timeout(60)
class FeedTest {
    private final Engine engine;
    @TempDir Path folder;
    private TestBooks books;

    FeedTest(Engine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open() throws Exception {
        books = TestBooks.furnished(engine, folder);
    }

    @AfterEach
    void close() throws Exception {
        books.close();
    }

    private FeedPage page(long since) throws Exception {
        return books.read(sql -> new Feed(sql).pageFor(BARRY, POOL_DOOR, since, List.of(), 0));
    }

    private void begin() throws Exception {
        books.write(writing -> {
            Feed.begin(writing, BARRY);
            return true;
        });
    }

    @Test
    void aHubThatStartsGoesOnFromItsClockAndNobodyMissesAnything() throws Exception {
        long told = page(0).upTo();
        begin();
        books.give(2, ANN, 30);
        assertThat(page(told).since()).isEqualTo(told);
        assertThat(page(told).upTo()).isGreaterThan(NOON);
        assertThat(page(page(told).upTo()).rows()).isEmpty();
        assertThat(page(told).rows()).hasSize(1);
        assertThat(page(0).rows()).containsAll(page(told).rows()).hasSize(4);
    }

    @Test
    void whatATerminalWasToldAfterTheBackupIsNotTakenForToldEvenWhenTheBooksHaveGrownPastIt()
            throws Exception {
        long inTheBackup = page(0).upTo();
        long toldAfterIt = inTheBackup + 3;
        begin();
        for (int i = 2; i < 8; i++) {
            books.give(i, ANN, i);
        }
        FeedPage page = page(toldAfterIt);
        assertThat(page.since()).isZero();
        assertThat(page.rows()).containsExactlyElementsOf(page(0).rows());
        assertThat(page(inTheBackup).since()).isEqualTo(inTheBackup);
    }

    @Test
    void whatWasToldBetweenTwoStartsIsKnownAndTheRestIsNot() throws Exception {
        begin();
        long first = page(0).upTo();
        books.give(2, ANN, 30);
        long second = page(0).upTo();
        books.pass(Duration.ofMinutes(1));
        begin();
        assertThat(page(first).since()).isEqualTo(first);
        assertThat(page(second).since()).isEqualTo(second);
        assertThat(page(second + 1).since()).isZero();
        assertThat(page(first - 1).since()).isZero();
    }

    @Test
    void withAClockThatWasSetBackCursorsStillGrow() throws Exception {
        begin();
        long first = page(0).upTo();
        books.pass(Duration.ofMinutes(-1));
        begin();
        assertThat(page(0).upTo()).isEqualTo(first + 1);
        assertThat(page(first).since()).isEqualTo(first);
    }

    @Test
    void aFeedThatNobodyWasToldOfStaysEmpty() throws Exception {
        try (TestBooks empty =
                TestBooks.empty(engine, Files.createDirectory(folder.resolve("new")))) {
            empty.write(writing -> {
                Feed.begin(writing, BARRY);
                return true;
            });
            long head = empty.read(sql -> new Feed(sql).head(BARRY));
            assertThat(head).isZero();
        }
    }
}
