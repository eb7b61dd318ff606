package org.hourtap.server.books;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hourtap.server.books.TestBooks.ANN;
import static org.hourtap.server.books.TestBooks.BARRY;
import static org.hourtap.server.books.TestBooks.BOB;
import static org.hourtap.server.books.TestBooks.id;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.hourtap.contract.Credits;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.PostOutcome;
import org.hourtap.ledger.Reason;
import org.hourtap.ledger.Transfer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// SQLite can be told when to be full.
@Timeout(60)
class FullDiskTest {
    @TempDir Path folder;
    private TestBooks books;

    @BeforeEach
    void open() throws Exception {
        books = TestBooks.furnished(folder);
    }

    @AfterEach
    void close() throws Exception {
        books.close();
    }

    private static Transfer gift(int n, long minutes) {
        return new Transfer(
                id(n),
                AccountId.of(BARRY, ANN),
                AccountId.of(BARRY, BOB),
                new Credits(minutes),
                Reason.GIFT,
                null,
                null,
                0);
    }

    private PostOutcome post(Transfer transfer) throws Exception {
        return books.write(writing -> writing.books().post(transfer, writing.nowMicros()));
    }

    @Test
    void aFullDiskFailsTheGroupWithAdviceAndTheBooksGoOnWhenThereIsSpace() throws Exception {
        books.write(writing -> {
            long pages = writing.sql().number("PRAGMA page_count");
            writing.sql().one("PRAGMA max_page_count = " + pages, _ -> true);
            return true;
        });
        long before = books.balance(BOB);
        CompletableFuture<Integer> filling =
                books.bookkeeper()
                        .submit(writing -> {
                            writing.books().post(gift(1, 10), 0);
                            return writing.sql()
                                    .update(
                                            "INSERT INTO member VALUES ('barry', 'big',"
                                                    + " ?, 'en')",
                                            "x".repeat(200_000));
                        });
        assertThatThrownBy(filling::get)
                .hasCauseInstanceOf(UnavailableException.class)
                .hasMessageContaining("The disk is full. Free some space");
        assertThat(books.balance(BOB)).isEqualTo(before);

        books.write(writing -> {
            writing.sql().one("PRAGMA max_page_count = 1000000", _ -> true);
            return true;
        });
        assertThat(post(gift(1, 10))).isInstanceOf(PostOutcome.Posted.class);
        assertThat(books.balance(BOB)).isEqualTo(before + 10);
        books.reopen();
        assertThat(books.trialBalance().isBalanced()).isTrue();
    }
}
