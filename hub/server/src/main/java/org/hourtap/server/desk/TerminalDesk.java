package org.hourtap.server.desk;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.hourtap.contract.BookId;
import org.hourtap.contract.EventBatch;
import org.hourtap.contract.EventOutcome;
import org.hourtap.contract.FeedPage;
import org.hourtap.contract.FeedRequest;
import org.hourtap.contract.Hello;
import org.hourtap.contract.MalformedMessageException;
import org.hourtap.contract.Message;
import org.hourtap.contract.TerminalId;
import org.hourtap.contract.TerminalReport;
import org.hourtap.contract.Topics;
import org.hourtap.runtime.Role;
import org.hourtap.runtime.Roles;
import org.hourtap.server.books.Bookkeeper;
import org.hourtap.server.books.Reading;
import org.hourtap.server.books.RefusedException;
import org.hourtap.server.books.UnavailableException;
import org.hourtap.server.cards.CardMacs;
import org.hourtap.server.fleet.Fleet;
import org.hourtap.server.fleet.Terminal;
import org.hourtap.server.inbox.Finding;
import org.hourtap.server.inbox.TapDesk;
import org.jspecify.annotations.Nullable;

/// Answers terminals, on a thread of its own. Whatever is lost here on the way, terminals send or
/// ask again; what they were told is in the books.
public final class TerminalDesk implements AutoCloseable {
    /// Terminals have one batch in flight each, so this is hundreds of terminals talking at once.
    private static final int QUEUE_MAX = 2_000;

    private static final int DRAIN_MAX = 64;

    /// How long changes gather before they are sent to everyone: unnoticed by people, and a busy
    /// hour costs a terminal ten messages a second at most.
    private static final Duration PUSH_INTERVAL = Duration.ofMillis(100);

    private static final System.Logger LOG = System.getLogger(TerminalDesk.class.getName());

    private final Bookkeeper bookkeeper;
    private final Reading reading;
    private final TerminalLink link;
    private final CardMacs macs;
    private final LongSupplier clockMicros;
    private final Complaints complaints;
    private final Role role;
    // Written by the desk thread only; read by whoever asks who is there.
    private final Map<Address, Presence> presences = new ConcurrentHashMap<>();
    private long pushedMicros;

    /// The books as of the last look, of which everyone listening was told.
    private long toldCommits = -1;

    private final FeedHeads heads;

    private final DeskPages pages;

    /// Whom a page is for.
    record Address(BookId book, TerminalId terminal) {}

    private TerminalDesk(
            Bookkeeper bookkeeper,
            Reading reading,
            TerminalLink link,
            CardMacs macs,
            LongSupplier clockMicros,
            Roles roles) {
        this.bookkeeper = bookkeeper;
        this.reading = reading;
        this.heads = new FeedHeads(reading);
        this.pages = new DeskPages(clockMicros);
        this.link = link;
        this.macs = macs;
        this.clockMicros = clockMicros;
        this.complaints = new Complaints(bookkeeper);
        this.role =
                roles.start(
                        "desk",
                        QUEUE_MAX,
                        DRAIN_MAX,
                        PUSH_INTERVAL,
                        this::pushWhatMoved,
                        e -> LOG.log(System.Logger.Level.ERROR, "desk goes on after", e));
    }

    public static TerminalDesk start(
            Bookkeeper bookkeeper,
            Reading reading,
            TerminalLink link,
            CardMacs macs,
            LongSupplier clockMicros,
            Roles roles) {
        return new TerminalDesk(bookkeeper, reading, link, macs, clockMicros, roles);
    }

    /// Takes a message off the link. Any thread; never waits. With too much waiting already the
    /// message is dropped, and its terminal sends it again.
    public void received(Topics.Topic topic, byte[] payload) {
        long receivedMicros = clockMicros.getAsLong();
        if (!role.offer(() -> handle(topic, payload, receivedMicros))) {
            complaints.drop();
        }
    }

    /// @return how the terminal is connected, as far as is known. Any thread
    public Presence presence(BookId book, TerminalId terminal) {
        return presences.getOrDefault(new Address(book, terminal), Presence.UNHEARD);
    }

    /// Sends a terminal nothing more until it says hello and is welcome. Any thread.
    public void shutOut(BookId book, TerminalId terminal) {
        presences.remove(new Address(book, terminal));
    }

    /// A book is written here from now on, by a new writer: tells all its terminals, so that what
    /// they sent to the one before, and was not answered, comes again at once. Any thread.
    public void gained(BookId book, long epoch) {
        boolean _ =
                role.offer(() -> {
                    forget(book);
                    pages.gained(book, epoch);
                    welcome(book);
                });
    }

    /// A book is written by another hub: forgets what was known of its terminals, and answers them
    /// no more. Any thread.
    public void lost(BookId book) {
        boolean _ =
                role.offer(() -> {
                    forget(book);
                    pages.lost(book);
                });
    }

    private void forget(BookId book) {
        presences.keySet().removeIf(address -> address.book().equals(book));
        heads.forget();
    }

    private void welcome(BookId book) {
        try {
            for (Terminal terminal :
                    reading.<List<Terminal>, SQLException>read(
                            sql -> new Fleet(sql).terminals(book))) {
                if (terminal.certificateSerial() != null && !terminal.isRevoked()) {
                    send(new Address(book, terminal.id()), Presence.NOTHING_SENT, List.of());
                }
            }
        } catch (UnavailableException | SQLException e) {
            LOG.log(System.Logger.Level.WARNING, "terminals not told: {0}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// @return messages that were no messages of ours or under no name we know. Any thread
    public long refusedMessages() {
        return complaints.refused();
    }

    /// @return messages dropped because too many were waiting. Any thread
    public long droppedMessages() {
        return complaints.dropped();
    }

    @Override
    public void close() {
        role.close();
    }

    private void handle(Topics.Topic topic, byte[] payload, long receivedMicros) {
        if (pages.isElsewhere(topic.book())) {
            return;
        }
        toldCommits = -1; // who listens, and from where on, may change
        try {
            Message.Upward message = Incoming.decoded(topic, payload);
            Address from = new Address(topic.book(), topic.terminal());
            DeskPages.Known known =
                    reading.<DeskPages.Known, SQLException>read(
                            sql -> pages.known(sql, from, message));
            Optional<Terminal> terminal = known.terminal();
            if (terminal.isEmpty() || terminal.get().isRevoked()) {
                complaints.refuse(
                        Finding.Kind.UNKNOWN_TERMINAL,
                        topic,
                        terminal.isEmpty()
                                ? "No such terminal is registered."
                                : "The terminal was shut out.",
                        payload,
                        receivedMicros);
                return;
            }
            handle(from, terminal.get(), known.page(), message, receivedMicros);
        } catch (MalformedMessageException e) {
            complaints.refuse(
                    Finding.Kind.MALFORMED_MESSAGE,
                    topic,
                    String.valueOf(e.getMessage()),
                    payload,
                    receivedMicros);
        } catch (UnavailableException | SQLException e) {
            LOG.log(System.Logger.Level.WARNING, "message not handled: {0}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void handle(
            Address from,
            Terminal terminal,
            @Nullable FeedPage page,
            Message.Upward message,
            long receivedMicros) {
        Presence before = presences.getOrDefault(from, Presence.UNHEARD);
        switch (message) {
            case Hello hello -> {
                presences.put(
                        from,
                        before.introduced(
                                hello.epoch(),
                                hello.lastSequence(),
                                hello.programVersion(),
                                receivedMicros));
                greet(from, terminal, page, hello.cursor(), hello.lastSequence());
            }
            case EventBatch batch -> {
                presences.put(from, before.heard(receivedMicros));
                takeIn(from, batch, receivedMicros);
            }
            case FeedRequest request -> {
                presences.put(from, before.heard(receivedMicros));
                greet(from, terminal, page, request.since(), Long.MAX_VALUE);
            }
            case TerminalReport report -> {
                if (report.epoch() >= before.epoch()) {
                    presences.put(from, before.offline());
                }
            }
        }
    }

    /// Answers with what is new since the cursor, and first looks whether terminal and books are
    /// still of the same past: either may be a backup.
    ///
    /// @param last the newest tap the terminal holds, as far as it said so
    private void greet(
            Address from, Terminal terminal, @Nullable FeedPage page, long cursor, long last) {
        boolean isOurs = page != null && page.since() == cursor;
        if (page != null && isOurs && last >= terminal.lastSequence()) {
            publish(from, page);
            return;
        }
        CompletableFuture<?> _ =
                bookkeeper
                        .submit(
                                from.book(),
                                writing -> {
                                    if (isOurs) {
                                        TapDesk.greet(writing, from.book(), terminal, last);
                                    } else {
                                        TapDesk.startOver(writing, from.book(), terminal);
                                    }
                                    return true;
                                })
                        .whenComplete((_, failure) -> then(from, cursor, List.of(), failure));
    }

    private void takeIn(Address from, EventBatch batch, long receivedMicros) {
        CompletableFuture<?> _ =
                bookkeeper
                        .submit(
                                from.book(),
                                writing -> {
                                    Terminal terminal =
                                            new Fleet(writing.sql())
                                                    .terminal(from.book(), from.terminal())
                                                    .filter(known -> !known.isRevoked())
                                                    .orElseThrow(() ->
                                                            RefusedException.notFound(
                                                                    "The terminal was shut"
                                                                            + " out."));
                                    return TapDesk.apply(
                                            writing,
                                            from.book(),
                                            terminal,
                                            macs,
                                            batch,
                                            receivedMicros);
                                })
                        .whenComplete((outcomes, failure) ->
                                then(
                                        from,
                                        Presence.NOTHING_SENT,
                                        failure == null ? outcomes : List.of(),
                                        failure));
    }

    /// Goes on, on the desk thread, once the bookkeeper has committed. Not answering is always
    /// safe: the terminal sends again.
    private void then(
            Address to,
            long since,
            List<EventOutcome> outcomes,
            @Nullable Throwable failureOrNull) {
        if (failureOrNull != null) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "taps of {0} not taken in, it will send them again: {1}",
                    to.terminal(),
                    failureOrNull.getMessage());
            return;
        }
        if (!role.offer(() -> sendLogging(to, since, outcomes))) {
            complaints.drop();
        }
    }

    private void sendLogging(Address to, long since, List<EventOutcome> outcomes) {
        if (pages.isElsewhere(to.book())) {
            return;
        }
        try {
            send(to, since, outcomes);
        } catch (UnavailableException | SQLException e) {
            LOG.log(System.Logger.Level.WARNING, "page not sent: {0}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// @param since the cursor the terminal gave, or [Presence#NOTHING_SENT] to go on where the
    ///   last page ended
    private void send(Address to, long since, List<EventOutcome> outcomes)
            throws UnavailableException, SQLException, InterruptedException {
        Presence presence = presences.getOrDefault(to, Presence.UNHEARD);
        long from = since == Presence.NOTHING_SENT ? presence.sent() : since;
        publish(
                to,
                reading.<FeedPage, SQLException>read(sql ->
                        pages.page(
                                sql, to, from == Presence.NOTHING_SENT ? null : from, outcomes)));
    }

    private void publish(Address to, FeedPage page) {
        presences.computeIfPresent(to, (_, known) -> known.sent(page.upTo(), page.more()));
        link.publish(to.book(), to.terminal(), page);
    }

    private void pushWhatMoved() throws UnavailableException, SQLException, InterruptedException {
        long now = clockMicros.getAsLong();
        if (Math.abs(now - pushedMicros) < PUSH_INTERVAL.toNanos() / 1_000) {
            return;
        }
        pushedMicros = now;
        long commits = bookkeeper.commits();
        if (commits == toldCommits) {
            return; // an idle hub leaves its disk alone
        }
        List<Address> listening =
                presences.entrySet().stream()
                        .filter(entry -> entry.getValue().isOnline())
                        .filter(entry -> !entry.getValue().isCatchingUp())
                        .filter(entry -> entry.getValue().sent() != Presence.NOTHING_SENT)
                        .map(Map.Entry::getKey)
                        .toList();
        for (Address to : listening) {
            long head = heads.of(to.book(), commits);
            if (head > presences.getOrDefault(to, Presence.UNHEARD).sent()) {
                send(to, Presence.NOTHING_SENT, List.of());
            }
        }
        toldCommits = commits;
    }
}
