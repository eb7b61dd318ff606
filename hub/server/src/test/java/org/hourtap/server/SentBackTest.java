package org.hourtap.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hourtap.server.RemittanceScene.ANNS;
import static org.hourtap.server.RemittanceScene.BOBS;
import static org.hourtap.server.RemittanceScene.CARDIFF;
import static org.hourtap.server.RemittanceScene.CERI;
import static org.hourtap.server.RemittanceScene.OUTINGS;
import static org.hourtap.server.RemittanceScene.TRIPS;
import static org.hourtap.server.RemittanceScene.again;
import static org.hourtap.server.RemittanceScene.agree;
import static org.hourtap.server.RemittanceScene.end;
import static org.hourtap.server.RemittanceScene.keep;
import static org.hourtap.server.RemittanceScene.send;
import static org.hourtap.server.RemittanceScene.sending;
import static org.hourtap.server.RemittanceScene.undo;
import static org.hourtap.server.books.TestBooks.BARRY;
import static org.hourtap.server.books.TestBooks.id;

import org.hourtap.contract.Credits;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.Entry;
import org.hourtap.ledger.Reason;
import org.hourtap.server.books.Bookkeeper;
import org.hourtap.server.books.Mirrors;
import org.hourtap.server.inbox.Finding;
import org.hourtap.server.office.Instruction;
import org.hourtap.server.office.Remittance;
import org.hourtap.server.office.Remittances.Whereabouts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Hours that another book does not take, or gives back, are where they came from again.
@Timeout(120)
class SentBackTest {
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
    void whatTheOtherBookRefusesAfterAllComesBackOnce() throws Exception {
        Remittance remittance = sending(1, ANNS, TRIPS);
        Entry sent = send(scene.barry, remittance);
        end(scene.cardiff, TRIPS);
        scene.look(scene.cardiff);
        assertThat(scene.where(remittance)).isEqualTo(Whereabouts.COMING_BACK);
        assertThat(scene.onTheirWay().getFirst().refused()).contains("credited is closed");
        assertThat(scene.books.read(Mirrors::apart)).isEmpty();
        scene.look(scene.cardiff);
        assertThat(scene.books.balance(ANNS)).as("not Cardiff's to write").isEqualTo(120);

        Bookkeeper next = scene.taking(BARRY);
        scene.look(scene.barry);
        assertThat(scene.books.balance(ANNS)).as("it lost the book").isEqualTo(120);
        scene.look(next);
        scene.look(next);
        assertThat(scene.books.balance(ANNS)).isEqualTo(180);
        assertThat(scene.books.balance(AccountId.mirror(BARRY, CARDIFF))).isZero();
        assertThat(scene.where(remittance)).isEqualTo(Whereabouts.CAME_BACK);
        assertThat(scene.findings())
                .extracting(Finding::kind)
                .containsExactly(Finding.Kind.SENT_BACK);
        assertThat(scene.findings().getFirst().note())
                .contains("60 minutes of MEMBER:ann for cardiff/POT:trips", "credited is closed");

        again(next, BARRY, TRIPS, "refused");
        scene.look(next);
        assertThat(scene.books.balance(ANNS)).as("the row processed twice").isEqualTo(180);
        assertThat(send(next, remittance)).as("asked again").isEqualTo(sent);
        assertThat(scene.books.balance(ANNS)).isEqualTo(180);
        assertThat(scene.onTheirWay()).isEmpty();
    }

    @Test
    void whatCannotComeBackYetWaitsUntilThereIsRoom() throws Exception {
        keep(scene.barry, agree(OUTINGS, 100));
        Instruction allocation =
                new Instruction(
                        id(50),
                        Reason.ALLOCATION,
                        AccountId.issuance(BARRY),
                        OUTINGS,
                        new Credits(60),
                        null,
                        CERI);
        allocation.entry(scene.barry.submit(BARRY, allocation::post).get());
        Remittance remittance = sending(1, OUTINGS, TRIPS);
        send(scene.barry, remittance);
        end(scene.cardiff, TRIPS);
        assertThatThrownBy(() -> end(scene.barry, OUTINGS)).hasMessageContaining("may come back");
        assertThatThrownBy(() -> end(scene.barry, AccountId.mirror(BARRY, CARDIFF)))
                .hasMessageContaining("may come back");
        keep(scene.barry, agree(OUTINGS, 10));
        scene.look(scene.cardiff);
        scene.look(scene.barry);
        scene.look(scene.barry);
        assertThat(scene.where(remittance)).isEqualTo(Whereabouts.COMING_BACK);
        assertThat(scene.findings())
                .extracting(Finding::kind)
                .containsExactly(Finding.Kind.NOT_POSTED);
        assertThat(scene.findings().getFirst().note()).contains("cannot come back yet", "limits");
        keep(scene.barry, agree(OUTINGS, 100));
        scene.look(scene.barry);
        assertThat(scene.books.balance(OUTINGS)).isEqualTo(60);
        assertThat(scene.where(remittance)).isEqualTo(Whereabouts.CAME_BACK);
    }

    @Test
    void hoursAreGivenBackWhereTheyArrivedAndNotWhereTheyCameFrom() throws Exception {
        Remittance remittance = sending(1, ANNS, BOBS);
        send(scene.barry, remittance);
        assertThatThrownBy(() -> undo(scene.barry, BARRY, Reason.VOID, null))
                .hasMessageContaining("void or refund transfer " + id(1) + " in book cardiff");
        scene.look(scene.cardiff);
        assertThatThrownBy(() -> undo(scene.cardiff, CARDIFF, Reason.REFUND, new Credits(30)))
                .hasMessageContaining("go back whole");
        undo(scene.cardiff, CARDIFF, Reason.REFUND, null);
        assertThat(scene.books.balance(BOBS)).isZero();
        assertThat(scene.where(remittance)).isEqualTo(Whereabouts.COMING_BACK);
        assertThat(scene.books.read(Mirrors::apart)).isEmpty();
        scene.look(scene.barry);
        assertThat(scene.books.balance(ANNS)).isEqualTo(180);
        assertThat(scene.findings().getFirst().note()).contains("Ceri gave it back: moved house");
    }
}
