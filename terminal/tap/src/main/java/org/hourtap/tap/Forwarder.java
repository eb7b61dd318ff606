package org.hourtap.tap;

import java.util.List;
import java.util.function.Supplier;
import org.hourtap.contract.ClockReading;
import org.hourtap.contract.EventBatch;
import org.hourtap.contract.EventOutcome;
import org.hourtap.contract.FeedPage;
import org.hourtap.contract.FeedRequest;
import org.hourtap.contract.Hello;

/// Store-and-forward: the unacknowledged tail of the journal goes to the hub, oldest first, one
/// batch in flight, and is forgotten only when the hub says that it is in the ledger. Pages from
/// the hub bring the cache forward, never backwards. Confined to the tap thread; owns no clock and
/// no socket.
public final class Forwarder {
    /// A hub that is alive answers a batch within milliseconds; on the slowest link within seconds.
    private static final long ANSWER_MICROS_MAX = 10_000_000;

    /// After a restart of the hub its broker is there a moment before it listens itself, and a
    /// first hello can fall into that gap.
    private static final long HELLO_AGAIN_MICROS = 2_000_000;

    /// A page may get lost on the way and no other follow it for days, and a hub may fall silent
    /// behind a broker that does not. A question now and then finds out about both; one message in
    /// five minutes costs nobody anything.
    private static final long QUIET_MICROS_MAX = 300_000_000;

    /// Taps that bring others along are long: a full batch of them would be larger than a message
    /// may be (1 MiB). Inside the message each quote of a tap takes two bytes, an eighth more.
    static final int BATCH_TEXT_MAX = 700_000;

    private final TerminalStore store;
    private final HubUplink uplink;
    private final Supplier<ClockReading> clock;
    private final String programVersion;

    // Valid for one connection.
    private boolean connected;
    private boolean online;
    private long sentUpTo;
    private long answeredUpTo;
    private long epoch;
    private long helloMicros;
    private long waitingSinceMicros;
    private long inFlightUpTo;
    private long heardMicros;
    private boolean isAsking;
    private long writer;

    public Forwarder(
            TerminalStore store,
            HubUplink uplink,
            Supplier<ClockReading> clock,
            String programVersion) {
        this.store = store;
        this.uplink = uplink;
        this.clock = clock;
        this.programVersion = programVersion;
    }

    /// @return whether the hub has answered on this connection
    public boolean isOnline() {
        return online;
    }

    /// A connection stands: say where journal and cache are.
    ///
    /// @param newEpoch the number under which the connection's will was left
    public void connected(long newEpoch) throws StoreException {
        connected = true;
        online = false;
        epoch = newEpoch;
        sentUpTo = store.position().acknowledged();
        answeredUpTo = sentUpTo;
        inFlightUpTo = 0;
        isAsking = false;
        writer = 0;
        waitingSinceMicros = clock.get().monotonicMicros();
        sayHello();
    }

    public void disconnected() {
        connected = false;
        online = false;
        inFlightUpTo = 0;
    }

    /// The hub said something.
    public void received(FeedPage page) throws StoreException {
        if (page.writer() != 0 && page.writer() < writer) {
            return; // from one that does not write the book any more
        }
        if (page.writer() > writer) {
            meet(page.writer());
        }
        isAsking = false;
        heardMicros = clock.get().monotonicMicros();
        takeIn(page.outcomes());
        JournalPosition position = store.position();
        if (page.since() > position.cursor()) {
            uplink.send(new FeedRequest(position.cursor()));
            return;
        }
        // A hub restored from a backup does not know where our cache is; it starts over from
        // nothing.
        boolean restart = page.since() == 0 && position.cursor() > 0;
        if (page.upTo() < position.cursor() && !restart) {
            return;
        }
        JournalPosition after = after(page, position);
        store.apply(page.rows(), restart, after);
        if (page.more()) {
            uplink.send(new FeedRequest(page.upTo()));
        }
        if (!page.more()) {
            online = connected;
        }
        // Behind what it had acknowledged: the hub misses taps, so the batch has to start earlier.
        boolean rewound = after.acknowledged() < position.acknowledged();
        if (rewound) {
            answeredUpTo = after.acknowledged();
        }
        boolean said = page.acknowledged() != FeedPage.NOT_SAID;
        if (rewound || (said && after.acknowledged() >= inFlightUpTo)) {
            inFlightUpTo = 0;
        }
        sendNext();
    }

    /// Another hub writes our book, behind the same broker: it does not know us, and what is in
    /// flight it has not heard.
    private void meet(long newWriter) throws StoreException {
        boolean isAnother = writer != 0;
        writer = newWriter;
        if (isAnother && connected) {
            inFlightUpTo = 0;
            sayHello();
        }
    }

    /// What the hub answers about single taps is what it has taken in of what was sent.
    private void takeIn(List<EventOutcome> outcomes) {
        for (EventOutcome outcome : outcomes) {
            answeredUpTo = Math.max(answeredUpTo, Math.min(outcome.sequence(), sentUpTo));
        }
    }

    /// Called now and then: sends what waits, and notices a hub that fell silent.
    public void tick() throws StoreException {
        long now = clock.get().monotonicMicros();
        boolean waiting = connected && (!online || inFlightUpTo != 0 || isAsking);
        if (waiting && now - waitingSinceMicros > ANSWER_MICROS_MAX) {
            disconnected();
            uplink.reset("the hub did not answer within 10 s");
            return;
        }
        if (connected && !online && now - helloMicros > HELLO_AGAIN_MICROS) {
            sayHello();
        }
        sendNext();
        if (online && inFlightUpTo == 0 && !isAsking && now - heardMicros > QUIET_MICROS_MAX) {
            isAsking = true;
            waitingSinceMicros = now;
            uplink.send(new FeedRequest(store.position().cursor()));
        }
    }

    private void sayHello() throws StoreException {
        JournalPosition position = store.position();
        ClockReading now = clock.get();
        helloMicros = now.monotonicMicros();
        uplink.send(new Hello(epoch, position.last(), position.cursor(), programVersion, now));
    }

    private void sendNext() throws StoreException {
        JournalPosition position = store.position();
        if (!online || inFlightUpTo != 0 || position.last() <= position.acknowledged()) {
            return;
        }
        List<JournalLine> lines =
                fitting(store.after(position.acknowledged(), EventBatch.EVENTS_MAX));
        if (lines.isEmpty()) {
            return;
        }
        ClockReading now = clock.get();
        inFlightUpTo = lines.getLast().sequence();
        sentUpTo = Math.max(sentUpTo, inFlightUpTo);
        waitingSinceMicros = now.monotonicMicros();
        uplink.send(
                new EventBatch(
                        position.oldest(), lines.stream().map(JournalLine::text).toList(), now));
    }

    /// @return as many as fit one message, at least one
    private static List<JournalLine> fitting(List<JournalLine> lines) {
        long length = 0;
        for (int i = 0; i < lines.size(); i++) {
            length += lines.get(i).text().length();
            if (length > BATCH_TEXT_MAX && i > 0) {
                return lines.subList(0, i);
            }
        }
        return lines;
    }

    /// A terminal restored from a backup may hold taps under numbers the hub has counted past with
    /// others, and has never seen. So what the hub says of a number goes for a tap only once it was
    /// sent and answered; a page that was on its way before says nothing about it. The numbering
    /// goes on after the hub's.
    private JournalPosition after(FeedPage page, JournalPosition position) {
        long said = page.acknowledged();
        boolean silent = said == FeedPage.NOT_SAID;
        long acknowledged = silent ? position.acknowledged() : Math.min(said, answeredUpTo);
        return new JournalPosition(
                Math.max(position.last(), said), acknowledged, position.oldest(), page.upTo());
    }
}
