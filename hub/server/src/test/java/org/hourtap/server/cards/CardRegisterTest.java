package org.hourtap.server.cards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hourtap.server.books.TestBooks.ANN;
import static org.hourtap.server.books.TestBooks.ANNS_CARD;
import static org.hourtap.server.books.TestBooks.BARRY;
import static org.hourtap.server.books.TestBooks.BOB;
import static org.hourtap.server.books.TestBooks.BOBS_CARD;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.hourtap.contract.CardId;
import org.hourtap.contract.FeedRow;
import org.hourtap.contract.TapEvent;
import org.hourtap.runtime.Engine;
import org.hourtap.server.books.RefusedException;
import org.hourtap.server.books.TestBooks;
import org.hourtap.server.feed.Feed;
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
class CardRegisterTest {
    private static final CardId NEW = new CardId("04AABBCCDDEE80");

    private final Engine engine;
    @TempDir Path folder;
    private TestBooks books;

    CardRegisterTest(Engine engine) {
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

    private Card card(CardId id) throws Exception {
        return books.read(sql -> new CardRegister(sql).card(BARRY, id)).orElseThrow();
    }

    private FeedRow.CardRow row(CardId id) throws Exception {
        return books
                .read(sql -> new Feed(sql).pageFor(BARRY, TestBooks.POOL_DOOR, 0L, List.of(), 0))
                .rows()
                .stream()
                .filter(row -> row instanceof FeedRow.CardRow)
                .map(FeedRow.CardRow.class::cast)
                .filter(row -> row.card().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private Card replace(CardId old, CardId by, TapEvent.Proof leastProof) throws Exception {
        return books.write(writing -> CardRegister.replace(writing, BARRY, old, by, leastProof));
    }

    @Test
    void aNewCardForALostOneHasTheMembersHoursAndCountsFromTheStart() throws Exception {
        books.write(writing -> {
            CardRegister.allow(writing, BARRY, ANNS_CARD, 90L);
            CardRegister.count(writing, BARRY, ANNS_CARD, new Counted(41, 0));
            return true;
        });
        Card issued = replace(ANNS_CARD, NEW, TapEvent.Proof.DESFIRE_EV2);
        assertThat(issued).isEqualTo(card(NEW));
        assertThat(issued.member()).isEqualTo(ANN);
        assertThat(issued.leastProof()).isEqualTo(TapEvent.Proof.DESFIRE_EV2);
        assertThat(row(NEW).balance()).isEqualTo(180);
        assertThat(row(NEW).counter()).isZero();
        assertThat(row(NEW).allowance()).isEqualTo(90);
        assertThat(row(ANNS_CARD).status()).isEqualTo(FeedRow.Status.STOPPED);
        assertThat(replace(ANNS_CARD, NEW, TapEvent.Proof.DESFIRE_EV2)).isEqualTo(issued);
    }

    @Test
    void aReplacementThatCannotBeIssuedStopsNothing() throws Exception {
        assertThatThrownBy(() -> replace(ANNS_CARD, BOBS_CARD, TapEvent.Proof.UID_ONLY))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("already issued");
        assertThatThrownBy(() -> replace(ANNS_CARD, ANNS_CARD, TapEvent.Proof.UID_ONLY))
                .hasMessageContaining("replace it with another card");
        assertThatThrownBy(() -> replace(NEW, ANNS_CARD, TapEvent.Proof.UID_ONLY))
                .hasMessageContaining("There is no card " + NEW);
        assertThat(card(ANNS_CARD).status()).isEqualTo(FeedRow.Status.ACTIVE);
    }

    @Test
    void onlyTheSameReplacementAgainTakesACardAlreadyIssued() throws Exception {
        books.write(writing -> CardRegister.issue(writing, BARRY, TestBooks.card(NEW, ANN)));
        assertThatThrownBy(() -> replace(ANNS_CARD, NEW, TapEvent.Proof.UID_ONLY))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("cannot replace card " + ANNS_CARD);
        assertThat(card(ANNS_CARD).status()).isEqualTo(FeedRow.Status.ACTIVE);
        CardId third = new CardId("04AABBCCDDEE81");
        Card issued = replace(ANNS_CARD, third, TapEvent.Proof.UID_ONLY);
        books.write(writing -> CardRegister.allow(writing, BARRY, third, 20L));
        assertThat(replace(ANNS_CARD, third, TapEvent.Proof.UID_ONLY))
                .isEqualTo(card(third))
                .isNotEqualTo(issued);
        assertThatThrownBy(() -> replace(ANNS_CARD, third, TapEvent.Proof.DESFIRE_EV2))
                .hasMessageContaining("already issued");
        assertThatThrownBy(() -> replace(NEW, third, TapEvent.Proof.UID_ONLY))
                .hasMessageContaining("already issued");
        assertThat(card(NEW).status()).isEqualTo(FeedRow.Status.ACTIVE);
    }

    @Test
    void aCardIssuedAgainWithAnotherAllowanceIsRefused() throws Exception {
        Card lent = Card.fresh(NEW, BOB, TapEvent.Proof.DESFIRE_EV2, 60L);
        books.write(writing -> CardRegister.issue(writing, BARRY, lent));
        Card again = books.write(writing -> CardRegister.issue(writing, BARRY, lent));
        assertThat(again).isEqualTo(lent);
        Card more = Card.fresh(NEW, BOB, TapEvent.Proof.DESFIRE_EV2, 90L);
        assertThatThrownBy(() -> books.write(writing -> CardRegister.issue(writing, BARRY, more)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("hourtap-hub cards allowance " + NEW + " 90");
        Card free = Card.fresh(NEW, BOB, TapEvent.Proof.DESFIRE_EV2, null);
        assertThatThrownBy(() -> books.write(writing -> CardRegister.issue(writing, BARRY, free)))
                .hasMessageContaining("hourtap-hub cards allowance " + NEW + " none");
        assertThat(card(NEW).allowance()).isEqualTo(60);
    }

    @Test
    void aSchemeWithoutPlainNumbersIssuesNoneAndAsksMoreOfThoseItHas() throws Exception {
        books.write(writing -> {
            Scheme.takeUidCards(writing, BARRY, false);
            return true;
        });
        assertThat(row(ANNS_CARD).leastProof()).isEqualTo(TapEvent.Proof.NTAG_424);
        assertThat(row(BOBS_CARD).leastProof()).isEqualTo(TapEvent.Proof.NTAG_424);
        assertThat(card(ANNS_CARD).leastProof()).isEqualTo(TapEvent.Proof.UID_ONLY);
        assertThatThrownBy(() ->
                        books.write(writing ->
                                CardRegister.issue(writing, BARRY, TestBooks.card(NEW, BOB))))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("hourtap-hub scheme uid-cards on");
        Card ntag = Card.fresh(NEW, BOB, TapEvent.Proof.NTAG_424, 60L);
        books.write(writing -> CardRegister.issue(writing, BARRY, ntag));
        assertThat(row(NEW).allowance()).isEqualTo(60);
        books.write(writing -> {
            Scheme.takeUidCards(writing, BARRY, true);
            return true;
        });
        assertThat(row(ANNS_CARD).leastProof()).isEqualTo(TapEvent.Proof.UID_ONLY);
        assertThat(row(NEW).leastProof()).isEqualTo(TapEvent.Proof.NTAG_424);
    }

    @Test
    void aNewSchemeTakesNoPlainNumbers() throws Exception {
        try (TestBooks fresh =
                TestBooks.empty(engine, Files.createDirectory(folder.resolve("fresh")))) {
            boolean isOn = fresh.read(sql -> Scheme.takesUidCards(sql, BARRY));
            assertThat(isOn).isFalse();
        }
    }

    @Test
    void anAllowanceIsSetAndLiftedAndIsNeverNegative() throws Exception {
        books.write(writing -> CardRegister.allow(writing, BARRY, ANNS_CARD, 0L));
        assertThat(row(ANNS_CARD).allowance()).isZero();
        books.write(writing -> CardRegister.allow(writing, BARRY, ANNS_CARD, null));
        assertThat(row(ANNS_CARD).allowance()).isNull();
        assertThatThrownBy(() -> Card.fresh(NEW, ANN, TapEvent.Proof.DESFIRE_EV2, -1L))
                .hasMessageContaining("An allowance is a number of minutes from 0 up");
    }
}
