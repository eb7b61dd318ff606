package org.hourtap.server.books;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.hourtap.contract.ActivityId;
import org.hourtap.contract.BookId;
import org.hourtap.contract.CardId;
import org.hourtap.contract.Credits;
import org.hourtap.contract.FeedRow;
import org.hourtap.contract.MemberId;
import org.hourtap.contract.TapEvent;
import org.hourtap.contract.TerminalId;
import org.hourtap.contract.TransferId;
import org.hourtap.contract.VenueId;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.TrialBalance;
import org.hourtap.runtime.Engine;
import org.hourtap.runtime.NewerDatabaseException;
import org.hourtap.server.cards.Card;
import org.hourtap.server.cards.CardRegister;
import org.hourtap.server.cards.Member;
import org.hourtap.server.cards.Scheme;
import org.hourtap.server.fleet.Activity;
import org.hourtap.server.fleet.Fleet;
import org.hourtap.server.fleet.Terminal;
import org.hourtap.server.fleet.Venue;
import org.hourtap.server.office.Adjustment;
import org.hourtap.server.office.Instruction;
import org.hourtap.server.office.Operator;
import org.jspecify.annotations.Nullable;

/// Real books in a real file, with Ann and Bob, a pool and a lunch club, and a clock that stands
/// still unless moved.
public final class TestBooks implements AutoCloseable {
    public static final BookId BARRY = new BookId("barry");
    public static final MemberId ANN = new MemberId("ann");
    public static final MemberId BOB = new MemberId("bob");
    public static final CardId ANNS_CARD = new CardId("04782E21801D80");
    public static final CardId BOBS_CARD = new CardId("04A1B2C3");
    public static final CardId STRANGERS_CARD = new CardId("0BADCAFE");
    public static final TerminalId POOL_DOOR = new TerminalId("pool-door");
    public static final TerminalId LUNCH_DOOR = new TerminalId("lunch-door");
    public static final ActivityId SWIM = new ActivityId("swim");
    public static final ActivityId COOK = new ActivityId("cook");
    public static final VenueId POOL = new VenueId("pool");
    public static final long NOON = 1_790_000_000_000_000L;

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final LedgerStore store;
    private final AtomicLong clock = new AtomicLong(NOON);
    private Bookkeeper bookkeeper;
    private Reading reading;

    private TestBooks(LedgerStore store) throws SQLException, NewerDatabaseException {
        this.store = store;
        this.bookkeeper = Bookkeeper.start(store.openWriter(), clock::get);
        this.reading = Reading.open(store);
    }

    /// @return a place for books where there are none yet, or those of before in the same folder
    public static LedgerStore store(Engine engine, Path folder) throws Exception {
        return switch (engine) {
            case SQLITE -> LedgerStore.of(folder.resolve("hub.db"));
            case POSTGRESQL -> PostgresCluster.shared().freshBooks();
        };
    }

    /// Empty books.
    public static TestBooks empty(Path folder) throws Exception {
        return empty(Engine.SQLITE, folder);
    }

    public static TestBooks empty(Engine engine, Path folder) throws Exception {
        return empty(store(engine, folder));
    }

    /// Opens books that may hold something already.
    public static TestBooks empty(LedgerStore store) throws Exception {
        TestBooks books = new TestBooks(store);
        books.write(writing -> {
            writing.books().openBook(BARRY, "Barry time bank");
            return true;
        });
        return books;
    }

    /// Ann has three hours, Bob none.
    public static TestBooks furnished(Path folder) throws Exception {
        return furnished(Engine.SQLITE, folder);
    }

    public static TestBooks furnished(Engine engine, Path folder) throws Exception {
        return furnished(store(engine, folder));
    }

    public static TestBooks furnished(LedgerStore store) throws Exception {
        TestBooks books = empty(store);
        books.write(writing -> {
            CardRegister.register(writing, BARRY, new Member(ANN, "Ann", "cy"));
            CardRegister.register(writing, BARRY, new Member(BOB, "Bob", "en"));
            Scheme.takeUidCards(writing, BARRY, true);
            CardRegister.issue(writing, BARRY, card(ANNS_CARD, ANN));
            CardRegister.issue(writing, BARRY, card(BOBS_CARD, BOB));
            Fleet.put(writing, BARRY, new Venue(POOL, "Barry Pool"));
            Fleet.put(writing, BARRY, new Venue(new VenueId("hall"), "Church Hall"));
            Fleet.put(
                    writing,
                    BARRY,
                    new Activity(SWIM, "Swimming", Activity.Kind.SPEND, new Credits(60), 1));
            Fleet.put(
                    writing,
                    BARRY,
                    new Activity(COOK, "Cooking", Activity.Kind.SHIFT, Credits.NONE, 15));
            Fleet.put(writing, BARRY, terminal(POOL_DOOR, POOL, true));
            Fleet.put(writing, BARRY, terminal(LUNCH_DOOR, new VenueId("hall"), false));
            return true;
        });
        books.give(1, ANN, 180);
        return books;
    }

    public static Card card(CardId id, MemberId member) {
        return Card.fresh(id, member, TapEvent.Proof.UID_ONLY, null);
    }

    public static Terminal terminal(TerminalId id, VenueId venue, boolean isEntrance) {
        return new Terminal(
                id,
                venue,
                isEntrance ? FeedRow.Mode.ENTRANCE : FeedRow.Mode.SHIFT,
                isEntrance ? SWIM : COOK,
                "en",
                new FeedRow.PolicyRow(30, new Credits(120), new Credits(600)),
                false,
                null,
                0);
    }

    public static TransferId id(int n) {
        return TransferId.mint(1_790_000_000_000L, n >>> 12, (long) n << 4);
    }

    public void give(int n, MemberId member, long minutes) throws Exception {
        Instruction gift =
                new Adjustment(
                                id(900_000 + n),
                                member,
                                minutes,
                                new Operator("Ceri", "opening balance"))
                        .in(BARRY);
        gift.entry(write(gift::post));
    }

    public <T extends @Nullable Object> T write(Bookkeeper.Command<T> command)
            throws RefusedException, UnavailableException, InterruptedException {
        return bookkeeper.ask(command, PATIENCE);
    }

    /// Keeps the bookkeeper busy, so that what is submitted meanwhile ends up in one group.
    ///
    /// @return what lets it go on, when counted down
    public CountDownLatch hold() throws InterruptedException {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<Boolean> _ =
                bookkeeper.submit(_ -> {
                    held.countDown();
                    release.await();
                    return true;
                });
        held.await();
        return release;
    }

    public <T> T read(Reading.Query<T, SQLException> query) throws Exception {
        return reading.<T, SQLException>read(query);
    }

    public long balance(AccountId account) throws Exception {
        return read(sql -> new Statements(sql).account(account).orElseThrow().carried());
    }

    public long balance(MemberId member) throws Exception {
        return balance(AccountId.of(BARRY, member));
    }

    public TrialBalance trialBalance() throws Exception {
        return read(sql -> new Statements(sql).trialBalance(BARRY));
    }

    /// As after a kill: nothing in memory survives, and the hub opens its book as at any start.
    public void reopen() throws Exception {
        stop();
        bookkeeper = Bookkeeper.start(store.openWriter(), clock::get);
        reading = Reading.open(store);
        write(writing -> {
            writing.books().openBook(BARRY, "Barry time bank");
            return true;
        });
    }

    public void pass(Duration time) {
        clock.addAndGet(time.toNanos() / 1_000);
    }

    public long nowMicros() {
        return clock.get();
    }

    public Bookkeeper bookkeeper() {
        return bookkeeper;
    }

    public LedgerStore store() {
        return store;
    }

    public Reading reading() {
        return reading;
    }

    @Override
    public void close() throws SQLException {
        stop();
        if (store instanceof PostgresServer server) {
            PostgresCluster.giveBack(server);
        }
    }

    private void stop() throws SQLException {
        bookkeeper.close();
        reading.close();
    }
}
