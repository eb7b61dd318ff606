package org.hourtap.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.hourtap.card.CardCounter;
import org.hourtap.card.CardJournal;
import org.hourtap.card.CardLostException;
import org.hourtap.contract.CardRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LentJournalTest {
    private static final CardCounter SEVEN = new CardCounter(7, "00".repeat(8));

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch answer = new CountDownLatch(1);

    /// A card that takes its time.
    private final CardJournal slow =
            new CardJournal() {
                @Override
                public CardCounter counter() throws CardLostException {
                    asked.countDown();
                    try {
                        assertThat(answer.await(20, TimeUnit.SECONDS)).isTrue();
                    } catch (InterruptedException e) {
                        throw new CardLostException("interrupted", e);
                    }
                    return SEVEN;
                }

                @Override
                public List<CardRecord> newest(int count) {
                    return List.of();
                }

                @Override
                public void append(CardRecord record) {}

                @Override
                public CardCounter commit() {
                    return SEVEN;
                }
            };

    @Test
    void toWhoeverStillHoldsItTheCardHasLeft() throws Exception {
        LentJournal lent = new LentJournal(slow);
        assertThat(lent.newest(1)).isEmpty();
        assertThat(lent.commit()).isEqualTo(SEVEN);
        lent.takeBack();
        lent.takeBack();
        assertThatThrownBy(lent::commit).isInstanceOf(CardLostException.class);
        assertThatThrownBy(lent::counter).isInstanceOf(CardLostException.class);
        assertThatThrownBy(() -> lent.newest(1)).isInstanceOf(CardLostException.class);
    }

    @Test
    void anExchangeUnderWayIsWaitedFor() throws Exception {
        LentJournal lent = new LentJournal(slow);
        CountDownLatch isBack = new CountDownLatch(1);
        Thread tap =
                Thread.ofPlatform()
                        .daemon()
                        .start(() -> {
                            try {
                                assertThat(lent.counter()).isEqualTo(SEVEN);
                            } catch (CardLostException | org.hourtap.card.CardRefusedException e) {
                                throw new AssertionError(e);
                            }
                        });
        assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
        Thread reader =
                Thread.ofPlatform()
                        .daemon()
                        .start(() -> {
                            lent.takeBack();
                            isBack.countDown();
                        });
        while (reader.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        assertThat(isBack.getCount()).isOne();
        answer.countDown();
        assertThat(isBack.await(20, TimeUnit.SECONDS)).isTrue();
        tap.join();
    }
}
