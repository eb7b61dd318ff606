package org.hourtap.server.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hourtap.server.books.TestBooks.ANN;
import static org.hourtap.server.books.TestBooks.ANNS_CARD;
import static org.hourtap.server.books.TestBooks.BARRY;
import static org.hourtap.server.books.TestBooks.LUNCH_DOOR;
import static org.hourtap.server.books.TestBooks.POOL_DOOR;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.hourtap.contract.BookId;
import org.hourtap.contract.CardId;
import org.hourtap.contract.Codec;
import org.hourtap.contract.EventBatch;
import org.hourtap.contract.FeedPage;
import org.hourtap.contract.FeedRequest;
import org.hourtap.contract.FeedRow;
import org.hourtap.contract.Hello;
import org.hourtap.contract.MemberId;
import org.hourtap.contract.Message;
import org.hourtap.contract.TerminalId;
import org.hourtap.contract.TerminalReport;
import org.hourtap.contract.Topics;
import org.hourtap.runtime.RoleThread;
import org.hourtap.runtime.SystemTime;
import org.hourtap.server.books.Awaiting;
import org.hourtap.server.books.TestBooks;
import org.hourtap.server.cards.CardMacs;
import org.hourtap.server.cards.CardRegister;
import org.hourtap.server.cards.Member;
import org.hourtap.server.fleet.Fleet;
import org.hourtap.server.inbox.Door;
import org.hourtap.server.inbox.Finding;
import org.hourtap.server.inbox.Findings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TerminalDeskTest {
    @TempDir Path folder;
    private TestBooks books;
    private TerminalDesk desk;
    private Door door;
    private final Map<TerminalId, BlockingQueue<FeedPage>> inboxes = new ConcurrentHashMap<>();

    @BeforeEach
    void open() throws Exception {
        books = TestBooks.furnished(folder);
        door = new Door(books, POOL_DOOR);
        desk =
                TerminalDesk.start(
                        books.bookkeeper(),
                        books.reading(),
                        (_, terminal, page) -> inbox(terminal).add(page),
                        CardMacs.NONE,
                        SystemTime::wallMicros,
                        RoleThread::startDraining);
    }

    @AfterEach
    void close() throws Exception {
        desk.close();
        books.close();
    }

    private void receive(TerminalId terminal, Message message) {
        desk.received(
                Topics.parse(Topics.of(BARRY, terminal, message)).orElseThrow(),
                Codec.encode(message));
    }

    private BlockingQueue<FeedPage> inbox(TerminalId terminal) {
        return inboxes.computeIfAbsent(terminal, _ -> new LinkedBlockingQueue<>());
    }

    private Hello hello(long epoch, long last, long cursor) {
        return new Hello(epoch, last, cursor, "test", door.now());
    }

    private FeedPage next(TerminalId terminal) throws InterruptedException {
        FeedPage page = inbox(terminal).poll(20, TimeUnit.SECONDS);
        assertThat(page).as("a page for %s", terminal).isNotNull();
        return page;
    }

    private List<Findings.Kept> findings(BookId book) throws Exception {
        return books.read(sql -> new Findings(sql).list(book, Long.MAX_VALUE, 100));
    }

    private static FeedRow.CardRow rowOf(FeedPage page, CardId card) {
        return page.rows().stream()
                .filter(FeedRow.CardRow.class::isInstance)
                .map(FeedRow.CardRow.class::cast)
                .filter(row -> row.card().equals(card))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void helloIsAnsweredWithEverythingAfterTheCursorAndOnlyTheTerminalsOwnProfile()
            throws Exception {
        receive(POOL_DOOR, hello(1, 0, 0));
        FeedPage page = next(POOL_DOOR);
        assertThat(page.acknowledged()).isZero();
        assertThat(page.more()).isFalse();
        assertThat(page.rows().stream().filter(FeedRow.CardRow.class::isInstance)).hasSize(2);
        assertThat(page.rows().stream().filter(FeedRow.ProfileRow.class::isInstance))
                .singleElement()
                .extracting(row -> ((FeedRow.ProfileRow) row).venueName())
                .isEqualTo("Barry Pool");
        assertThat(rowOf(page, ANNS_CARD).balance()).isEqualTo(180);
        receive(POOL_DOOR, hello(2, 0, page.upTo()));
        assertThat(next(POOL_DOOR).rows()).isEmpty();
    }

    @Test
    void aBatchIsAcknowledgedTogetherWithTheBalanceItLedTo() throws Exception {
        receive(POOL_DOOR, hello(1, 0, 0));
        FeedPage first = next(POOL_DOOR);
        receive(POOL_DOOR, new EventBatch(1, List.of(door.spend(1, 1, ANNS_CARD, 60)), door.now()));
        FeedPage page = next(POOL_DOOR);
        assertThat(page.since()).isEqualTo(first.upTo());
        assertThat(page.acknowledged()).isEqualTo(1);
        assertThat(page.outcomes()).hasSize(1);
        assertThat(rowOf(page, ANNS_CARD).balance()).isEqualTo(120);
    }

    @Test
    void whatOneTerminalSendsIsPushedToTheOthers() throws Exception {
        receive(LUNCH_DOOR, hello(1, 0, 0));
        next(LUNCH_DOOR);
        receive(POOL_DOOR, new EventBatch(1, List.of(door.spend(1, 1, ANNS_CARD, 60)), door.now()));
        FeedPage pushed = next(LUNCH_DOOR);
        assertThat(rowOf(pushed, ANNS_CARD).balance()).isEqualTo(120);
        assertThat(pushed.acknowledged()).isZero();
        assertThat(next(POOL_DOOR).rows())
                .as("without a hello its cursor is not known, so it asks for what it lacks")
                .isEmpty();
    }

    @Test
    void aTerminalThatHeardMoreThanABackupHoldsSendsAllItHasWhateverItsNumbers() throws Exception {
        receive(POOL_DOOR, hello(1, 0, 0));
        next(POOL_DOOR);
        String first = door.spend(1, 1, ANNS_CARD, 10);
        receive(
                POOL_DOOR,
                new EventBatch(1, List.of(first, door.spend(2, 2, ANNS_CARD, 10)), door.now()));
        FeedPage known = next(POOL_DOOR);
        receive(POOL_DOOR, hello(2, 3, known.upTo() + 100));
        FeedPage again = next(POOL_DOOR);
        assertThat(again.since()).isZero();
        assertThat(again.acknowledged()).isZero();
        List<String> held =
                List.of(first, door.spend(2, 3, ANNS_CARD, 20), door.spend(3, 4, ANNS_CARD, 30));
        receive(POOL_DOOR, new EventBatch(1, held, door.now()));
        FeedPage page = next(POOL_DOOR);
        assertThat(page.acknowledged()).isEqualTo(3);
        assertThat(rowOf(page, ANNS_CARD).balance()).isEqualTo(180 - 10 - 10 - 20 - 30);
    }

    @Test
    void aCursorBeyondTheHeadStartsOver() throws Exception {
        receive(POOL_DOOR, new FeedRequest(1_000_000));
        FeedPage page = next(POOL_DOOR);
        assertThat(page.since()).isZero();
        assertThat(page.rows()).isNotEmpty();
    }

    @Test
    void aLongFeedComesInPagesAndOnlyTheLastAcknowledges() throws Exception {
        books.write(writing -> {
            // A member each, because a new card is news for all the cards of its member.
            for (int n = 0; n < 600; n++) {
                MemberId member = new MemberId("m" + n);
                CardRegister.register(writing, BARRY, new Member(member, "M", "en"));
                CardRegister.issue(
                        writing, BARRY, TestBooks.card(new CardId("%08X".formatted(n)), member));
            }
            return true;
        });
        receive(POOL_DOOR, hello(1, 0, 0));
        FeedPage first = next(POOL_DOOR);
        assertThat(first.more()).isTrue();
        assertThat(first.rows()).hasSize(FeedPage.ROWS_MAX);
        assertThat(first.acknowledged()).isEqualTo(FeedPage.NOT_SAID);
        receive(POOL_DOOR, new FeedRequest(first.upTo()));
        FeedPage second = next(POOL_DOOR);
        assertThat(second.more()).isFalse();
        assertThat(second.acknowledged()).isZero();
        assertThat(
                        second.rows().stream().filter(FeedRow.CardRow.class::isInstance).count()
                                + first.rows().stream()
                                        .filter(FeedRow.CardRow.class::isInstance)
                                        .count())
                .isEqualTo(602);
    }

    @Test
    void aTerminalThatComesBackOlderIsToldNothingUntilItHasSentWhatItHolds() throws Exception {
        for (int n = 1; n <= 3; n++) {
            door.send(1, door.spend(n, n, ANNS_CARD, 10));
        }
        receive(POOL_DOOR, hello(1, 2, 0));
        assertThat(next(POOL_DOOR).acknowledged()).isEqualTo(FeedPage.NOT_SAID);
        receive(
                POOL_DOOR,
                new EventBatch(2, List.of(door.spend(2, 12, ANNS_CARD, 10)), door.now()));
        assertThat(next(POOL_DOOR).acknowledged()).isEqualTo(2);
        assertThat(books.balance(ANN)).isEqualTo(140);
    }

    @Test
    void anOldWillDoesNotTakeANewConnectionOffline() throws Exception {
        receive(POOL_DOOR, hello(5, 0, 0));
        next(POOL_DOOR);
        assertThat(desk.presence(BARRY, POOL_DOOR).isOnline()).isTrue();
        receive(POOL_DOOR, new TerminalReport(4, TerminalReport.State.LOST));
        receive(POOL_DOOR, new FeedRequest(0));
        next(POOL_DOOR);
        assertThat(desk.presence(BARRY, POOL_DOOR).isOnline()).isTrue();
        receive(POOL_DOOR, new TerminalReport(5, TerminalReport.State.LOST));
        Awaiting.until("offline", () -> !desk.presence(BARRY, POOL_DOOR).isOnline());
    }

    @Test
    void aBookThatComesIsTheNewsOfItsTerminalsAndOneThatGoesIsForgotten() throws Exception {
        books.write(writing ->
                writing.sql()
                        .update(
                                "UPDATE terminal SET certificate_serial = 'a1' WHERE id = ?",
                                POOL_DOOR.value()));
        receive(POOL_DOOR, hello(1, 0, 0));
        assertThat(next(POOL_DOOR).writer()).isZero();
        desk.gained(BARRY, 7);
        FeedPage welcome = next(POOL_DOOR);
        assertThat(welcome.writer()).isEqualTo(7);
        assertThat(welcome.rows()).isEmpty();
        assertThat(inbox(LUNCH_DOOR)).as("it never joined").isEmpty();
        receive(POOL_DOOR, hello(1, 0, 0));
        assertThat(next(POOL_DOOR).rows()).isNotEmpty();
        assertThat(desk.presence(BARRY, POOL_DOOR).isOnline()).isTrue();
        desk.lost(BARRY);
        Awaiting.until("forgotten", () -> !desk.presence(BARRY, POOL_DOOR).isOnline());
        receive(POOL_DOOR, hello(2, 0, 0));
        desk.gained(BARRY, 9);
        assertThat(next(POOL_DOOR).writer()).as("nothing was answered in between").isEqualTo(9);
    }

    @Test
    void garbageAndStrangersAreCountedAndKeptAndDoNoHarm() throws Exception {
        Topics.Topic events = Topics.parse("hourtap/1/barry/pool-door/up/events").orElseThrow();
        Topics.Topic stranger = Topics.parse("hourtap/1/barry/who-is-this/up/get").orElseThrow();
        Topics.Topic noBook = Topics.parse("hourtap/1/nowhere/x/up/get").orElseThrow();
        for (int i = 0; i < 50; i++) {
            desk.received(events, "garbage".getBytes(StandardCharsets.UTF_8));
        }
        desk.received(events, Codec.encode(new FeedRequest(0)));
        desk.received(stranger, Codec.encode(new FeedRequest(0)));
        desk.received(noBook, Codec.encode(new FeedRequest(0)));
        receive(POOL_DOOR, hello(1, 0, 0));
        next(POOL_DOOR);
        assertThat(desk.refusedMessages()).isEqualTo(53);
        books.write(_ -> true);
        assertThat(findings(BARRY))
                .extracting(kept -> kept.finding().kind())
                .containsExactlyInAnyOrder(
                        Finding.Kind.MALFORMED_MESSAGE, Finding.Kind.UNKNOWN_TERMINAL);
        assertThat(findings(new BookId("nowhere"))).isEmpty();
    }

    @Test
    void aTerminalShutOutIsNotHeard() throws Exception {
        books.write(writing -> {
            Fleet.revoke(writing, BARRY, POOL_DOOR);
            return true;
        });
        receive(POOL_DOOR, new EventBatch(1, List.of(door.spend(1, 1, ANNS_CARD, 60)), door.now()));
        Awaiting.until("refused", () -> desk.refusedMessages() == 1);
        assertThat(books.balance(ANN)).isEqualTo(180);
    }
}
