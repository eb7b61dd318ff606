package org.hourtap.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hourtap.server.RemittanceScene.ANNS;
import static org.hourtap.server.RemittanceScene.BOBS;
import static org.hourtap.server.RemittanceScene.CARDIFF;
import static org.hourtap.server.RemittanceScene.TRIPS;
import static org.hourtap.server.RemittanceScene.again;
import static org.hourtap.server.RemittanceScene.agree;
import static org.hourtap.server.RemittanceScene.end;
import static org.hourtap.server.RemittanceScene.keep;
import static org.hourtap.server.RemittanceScene.send;
import static org.hourtap.server.RemittanceScene.sending;
import static org.hourtap.server.RemittanceScene.take;
import static org.hourtap.server.books.TestBooks.BARRY;
import static org.hourtap.server.books.TestBooks.BOB;
import static org.hourtap.server.books.TestBooks.NOON;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.hourtap.contract.BookId;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.AccountKind;
import org.hourtap.ledger.Entry;
import org.hourtap.server.books.Bookkeeper;
import org.hourtap.server.books.Mirrors;
import org.hourtap.server.books.RefusedException;
import org.hourtap.server.office.Remittance;
import org.hourtap.server.office.Remittances.OnItsWay;
import org.hourtap.server.office.Remittances.Whereabouts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Hours that another book sent arrive once, through whomever writes the book in the end.
@Timeout(120)
class CarrierTest {
    private RemittanceScene scene;

    @BeforeEach
    void open() throws Exception {
        scene = new RemittanceScene();
    }

    @AfterEach
    void close() throws Exception {
        scene.close();
    }

    @Test
    void hoursSentToABookOfAnotherHubArriveOnce() throws Exception {
        Remittance remittance = sending(1, ANNS, BOBS);
        Entry sent = send(scene.barry, remittance);
        assertThat(scene.books.balance(ANNS)).isEqualTo(120);
        assertThat(scene.books.balance(BOBS)).isZero();
        assertThat(scene.where(remittance)).isEqualTo(Whereabouts.ON_ITS_WAY);
        assertThat(scene.onTheirWay()).containsExactly(new OnItsWay(remittance, NOON, null));
        assertThat(scene.books.read(Mirrors::apart)).isEmpty();

        scene.look(scene.barry);
        assertThat(scene.books.balance(BOBS)).as("not Barry's to write").isZero();
        assertThat(send(scene.barry, remittance)).as("asked again").isEqualTo(sent);
        scene.look(scene.cardiff);
        scene.look(scene.cardiff);
        assertThat(scene.books.balance(BOBS)).isEqualTo(60);
        assertThat(scene.where(remittance)).isEqualTo(Whereabouts.ARRIVED);
        assertThat(scene.onTheirWay()).isEmpty();

        again(scene.cardiff, CARDIFF, BOBS, null);
        scene.look(scene.cardiff);
        assertThat(scene.books.balance(BOBS)).as("the row processed twice").isEqualTo(60);
        assertThat(scene.onTheirWay()).isEmpty();
        assertThat(send(scene.barry, remittance)).as("asked once more").isEqualTo(sent);
        assertThatThrownBy(() -> send(scene.barry, sending(1, ANNS, TRIPS)))
                .hasMessageContaining("already used for something else");
        assertThat(scene.books.balance(ANNS)).isEqualTo(120);
    }

    @Test
    void whatTheOtherBookWouldNotTakeIsRefusedBeforeAnythingMoves() throws Exception {
        AccountId small = new AccountId(CARDIFF, AccountKind.POT, "small");
        keep(scene.cardiff, agree(small, 59));
        assertThatThrownBy(() -> send(scene.barry, sending(1, ANNS, small)))
                .hasMessageContaining("leave the limits that were agreed");
        end(scene.cardiff, small);
        assertThatThrownBy(() -> send(scene.barry, sending(2, ANNS, small)))
                .hasMessageContaining("credited is closed");
        AccountId nobody = new AccountId(CARDIFF, AccountKind.MEMBER, "nobody");
        assertThatThrownBy(() -> send(scene.barry, sending(3, ANNS, nobody)))
                .hasMessageContaining("There is no member nobody.");
        AccountId issuance = AccountId.issuance(CARDIFF);
        assertThatThrownBy(() -> send(scene.barry, sending(4, ANNS, issuance)))
                .hasMessageContaining("Nothing moves between these accounts");
        AccountId elsewhere = AccountId.of(new BookId("swansea"), BOB);
        assertThatThrownBy(() -> send(scene.barry, sending(5, ANNS, elsewhere)))
                .hasMessageContaining("does not keep a book swansea")
                .hasMessageContaining("PARTNER");
        assertThat(scene.books.balance(ANNS)).isEqualTo(180);
        assertThat(scene.onTheirWay()).isEmpty();
    }

    /// Dropped before its commit, in the middle of it, and after it.
    @Test
    void hoursArriveOnceThroughWhomeverWritesTheBookInTheEnd() throws Exception {
        send(scene.barry, sending(1, ANNS, BOBS));
        Bookkeeper second = scene.taking(CARDIFF);
        scene.look(scene.cardiff);
        assertThat(scene.books.balance(BOBS)).as("it lost the book").isZero();
        assertThat(scene.cardiff.held()).isEmpty();
        scene.look(second);
        assertThat(scene.books.balance(BOBS)).isEqualTo(60);

        send(scene.barry, sending(2, ANNS, BOBS));
        OnItsWay seen = scene.onTheirWay().getFirst();
        Bookkeeper third = scene.bookless();
        CompletableFuture<Boolean> dropped =
                second.submit(
                        CARDIFF,
                        writing -> {
                            boolean isCarried = Carrier.carry(writing, seen);
                            Boolean _ = take(third, CARDIFF).get();
                            return isCarried;
                        });
        assertThatThrownBy(dropped::get)
                .cause()
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        e -> assertThat(e.why()).isEqualTo(RefusedException.Why.ELSEWHERE));
        assertThat(scene.books.balance(BOBS)).isEqualTo(60);
        scene.look(third);
        assertThat(scene.books.balance(BOBS)).isEqualTo(120);

        Bookkeeper fourth = scene.taking(CARDIFF);
        scene.look(fourth);
        assertThat(fourth.submit(CARDIFF, writing -> Carrier.carry(writing, seen)).get())
                .as("seen before it was carried on")
                .isFalse();
        assertThat(scene.books.balance(BOBS)).isEqualTo(120);
        assertThat(scene.books.balance(ANNS)).isEqualTo(60);
    }

    @Test
    void whereOneHubWritesBothBooksItIsOneCommit() throws Exception {
        Remittance early = sending(1, ANNS, BOBS);
        Entry sent = send(scene.barry, early);
        take(scene.barry, CARDIFF).get();
        Remittance late = sending(2, ANNS, BOBS);
        send(scene.barry, late);
        assertThat(scene.where(late)).isEqualTo(Whereabouts.ARRIVED);
        assertThat(scene.books.balance(BOBS)).isEqualTo(60);
        assertThat(send(scene.barry, early)).as("asked again").isEqualTo(sent);
        assertThat(scene.where(early)).as("still waits").isEqualTo(Whereabouts.ON_ITS_WAY);
        scene.look(scene.barry);
        assertThat(scene.where(early)).isEqualTo(Whereabouts.ARRIVED);
        AccountId nobody = new AccountId(CARDIFF, AccountKind.MEMBER, "nobody");
        assertThatThrownBy(() -> send(scene.barry, sending(3, ANNS, nobody)))
                .hasMessageContaining("There is no member nobody.");
        assertThat(scene.books.balance(BOBS)).isEqualTo(120);
        assertThat(scene.books.balance(ANNS)).isEqualTo(60);
        assertThat(scene.onTheirWay()).isEmpty();
    }

    /// The sender's commit is all or nothing too: a hub that lost Barry sends nothing.
    @Test
    void aSenderThatWasDroppedInMidCommandLeavesNothingBehind() throws Exception {
        Bookkeeper next = scene.bookless();
        CountDownLatch once = new CountDownLatch(1);
        Remittance remittance = sending(1, ANNS, BOBS);
        assertThatThrownBy(() ->
                        scene.barry
                                .submit(
                                        BARRY,
                                        writing -> {
                                            var sent = remittance.post(writing);
                                            if (once.getCount() > 0) {
                                                once.countDown();
                                                Boolean _ = take(next, BARRY).get();
                                            }
                                            return sent;
                                        })
                                .get())
                .hasMessageContaining("not written by this hub");
        assertThat(scene.onTheirWay()).isEmpty();
        assertThat(scene.books.balance(ANNS)).isEqualTo(180);
        send(next, remittance);
        scene.look(scene.cardiff);
        assertThat(scene.books.balance(BOBS)).isEqualTo(60);
    }
}
