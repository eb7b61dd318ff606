package org.hourtap.server.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hourtap.server.books.TestBooks.ANN;
import static org.hourtap.server.books.TestBooks.ANNS_CARD;
import static org.hourtap.server.books.TestBooks.BARRY;
import static org.hourtap.server.inbox.CardScene.on;
import static org.hourtap.server.inbox.CardScene.swim;
import static org.hourtap.server.inbox.CardScene.tap;

import java.nio.file.Path;
import org.hourtap.contract.TapEvent;
import org.hourtap.server.books.TestBooks;
import org.hourtap.server.cards.CardRegister;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class CardCountersTest {
    @TempDir Path folder;
    private CardScene scene;
    private Door pool;
    private Door hall;

    @BeforeEach
    void open() throws Exception {
        scene = new CardScene(TestBooks.furnished(folder));
        pool = scene.pool;
        hall = scene.hall;
    }

    @AfterEach
    void close() throws Exception {
        scene.close();
    }

    @Test
    void terminalsLearnWhichOfACardsTapsAreInItsBalance() throws Exception {
        pool.send(1, swim(pool, 1, 1, 10, 1), swim(pool, 2, 2, 10, 3), swim(pool, 3, 3, 10, 4));
        assertThat(scene.row(ANNS_CARD).counter()).isEqualTo(1);
        assertThat(scene.row(ANNS_CARD).ahead()).isEqualTo(0b11);
        assertThat(scene.row(ANNS_CARD).contains(2)).isFalse();
        assertThat(scene.row(ANNS_CARD).contains(4)).isTrue();
        hall.send(1, swim(hall, 1, 4, 10, 2));
        assertThat(scene.row(ANNS_CARD).counter()).isEqualTo(4);
        assertThat(scene.row(ANNS_CARD).ahead()).isZero();
    }

    @Test
    void whatTheCardCarriesNoLongerIsFoundOnceSteppedOverAndPostedWhenItComesAfterAll()
            throws Exception {
        for (int n = 1; n <= 18; n++) {
            if (n != 2) {
                pool.send(n, swim(pool, n, n, 1, n));
            }
        }
        assertThat(scene.row(ANNS_CARD).counter()).isEqualTo(18);
        assertThat(scene.kinds())
                .containsExactlyInAnyOrder(Finding.Kind.MISSING_TAPS, Finding.Kind.CARD_GAP);
        assertThat(scene.findings().getFirst().note())
                .isEqualTo(
                        "Tap 2 of card 04782E21801D80 has not come, and the card carries that no"
                                + " longer. The terminal may still send it.");
        assertThat(scene.books.balance(ANN)).isEqualTo(180 - 17);
        hall.send(1, swim(hall, 1, 102, 1, 2));
        assertThat(scene.books.balance(ANN)).isEqualTo(180 - 18);
        assertThat(scene.row(ANNS_CARD).counter()).isEqualTo(18);
        assertThat(scene.kinds()).hasSize(2);
    }

    @Test
    void aTapWhoseStampNeverCameIsCountedWhenTheCardTellsOfIt() throws Exception {
        TapEvent swim = tap(pool, 1, 1, TapEvent.Kind.SPEND, 10);
        pool.send(1, swim);
        assertThat(scene.row(ANNS_CARD).counter()).isZero();
        TapEvent next = tap(hall, 1, 101, TapEvent.Kind.DECLINED, 0);
        hall.send(1, Door.carrying(next, on(pool, swim, 1)));
        assertThat(scene.row(ANNS_CARD).counter()).isEqualTo(1);
        assertThat(scene.books.balance(ANN)).isEqualTo(170);
    }

    @Test
    void spendingUsesACardsAllowanceUpAndBeyondItIsFound() throws Exception {
        scene.books.write(writing -> CardRegister.allow(writing, BARRY, ANNS_CARD, 50L));
        pool.send(1, swim(pool, 1, 1, 40, 1));
        assertThat(scene.row(ANNS_CARD).allowance()).isEqualTo(10);
        assertThat(scene.kinds()).isEmpty();
        pool.send(1, swim(pool, 2, 2, 40, 2));
        assertThat(scene.row(ANNS_CARD).allowance()).isEqualTo(-30);
        assertThat(scene.books.balance(ANN)).as("a tap is a fact").isEqualTo(100);
        assertThat(scene.kinds()).containsExactly(Finding.Kind.OVER_ALLOWANCE);
        assertThat(scene.findings().getFirst().note()).contains("allowed 10 minutes and spent 40");
    }
}
