package org.hourtap.simulator.life;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.hourtap.contract.ClockReading;
import org.hourtap.contract.Codec;
import org.hourtap.contract.Credits;
import org.hourtap.contract.EventBatch;
import org.hourtap.contract.EventOutcome;
import org.hourtap.contract.FeedPage;
import org.hourtap.contract.MalformedMessageException;
import org.hourtap.contract.Message;
import org.hourtap.contract.TapEvent;
import org.hourtap.contract.TerminalId;
import org.hourtap.contract.TransferId;
import org.hourtap.tap.Cue;
import org.hourtap.tap.Signals;

/// Bugs on the way between terminal, hub and people, and at the hub.
final class WireBugs {
    private WireBugs() {}

    static Map<String, Seams> all() {
        Map<String, Seams> bugs = new LinkedHashMap<>();
        bugs.put("ids are minted when a tap is sent", new IdsMintedAtSend());
        bugs.put("a batch says more minutes than the journal", each(WireBugs::doubled));
        bugs.put("a tap-out is sent with an hour too much", each(WireBugs::anHourMore));
        bugs.put("taps are acknowledged before they are posted", new AcknowledgedEarly());
        bugs.put("a page leaves out its first row", new FirstRowLost());
        bugs.put("a refusal looks like a welcome", shown(Cue.Kind.PLEASE_ASK, Cue.Kind.WELCOME));
        bugs.put(
                "the start of a shift looks like a refusal",
                shown(Cue.Kind.SHIFT_STARTED, Cue.Kind.PLEASE_ASK));
        bugs.put(
                "the hub gives every account a minute",
                sql(
                        "CREATE TRIGGER IF NOT EXISTS bug AFTER UPDATE OF credits ON account"
                                + " BEGIN UPDATE account SET credits = credits + 1"
                                + " WHERE book_id = NEW.book_id AND number = NEW.number; END"));
        bugs.put(
                "the hub forgets taps",
                sql(
                        "CREATE TRIGGER IF NOT EXISTS bug AFTER INSERT ON tap"
                                + " BEGIN DELETE FROM tap WHERE id = NEW.id; END"));
        bugs.put(
                "the hub writes a hash that does not follow",
                sql(
                        "DROP TRIGGER IF EXISTS transfer_stays",
                        "CREATE TRIGGER IF NOT EXISTS bug AFTER INSERT ON transfer"
                                + " WHEN NEW.sequence % 20 = 0"
                                + " BEGIN UPDATE transfer SET hash = randomblob(32)"
                                + " WHERE book_id = NEW.book_id AND sequence = NEW.sequence; END"));
        bugs.put("the hub cuts its journal at the next start", new JournalCut());
        return bugs;
    }

    private static Seams each(UnaryOperator<TapEvent> bug) {
        return new Seams() {
            @Override
            public Message.Upward up(TerminalId terminal, Message.Upward message) {
                return changed(message, bug);
            }
        };
    }

    /// Each tap of a batch otherwise than it was.
    static Message.Upward changed(Message.Upward message, UnaryOperator<TapEvent> bug) {
        if (!(message instanceof EventBatch batch)) {
            return message;
        }
        List<String> lines = new ArrayList<>();
        for (String line : batch.events()) {
            try {
                lines.add(Codec.encodeEvent(bug.apply(Codec.decodeEvent(line))));
            } catch (MalformedMessageException e) {
                lines.add(line);
            }
        }
        return new EventBatch(batch.oldestHeld(), lines, batch.at());
    }

    private static TapEvent doubled(TapEvent event) {
        return event.kind() == TapEvent.Kind.SPEND
                ? with(event, event.id(), event.minutes().minutes() * 2, event.at())
                : event;
    }

    private static TapEvent anHourMore(TapEvent event) {
        ClockReading at = event.at();
        return event.kind() == TapEvent.Kind.SHIFT_OUT
                ? with(
                        event,
                        event.id(),
                        0,
                        new ClockReading(
                                at.bootId(),
                                at.monotonicMicros() + Agenda.HOUR,
                                at.wallMicros(),
                                at.quality()))
                : event;
    }

    private static TapEvent with(TapEvent event, TransferId id, long minutes, ClockReading at) {
        return new TapEvent(
                event.sequence(),
                id,
                event.kind(),
                event.card(),
                event.proof(),
                event.activity(),
                new Credits(minutes),
                event.reason(),
                at,
                event.offline(),
                event.stamp(),
                event.carried());
    }

    private static Seams shown(Cue.Kind instead, Cue.Kind of) {
        return new Seams() {
            @Override
            public Signals signals(TerminalId terminal, Signals signals) {
                return cue ->
                        signals.show(cue.kind() == instead ? Cue.plain(of, cue.language()) : cue);
            }
        };
    }

    private static Seams sql(String... statements) {
        return new Seams() {
            @Override
            public void started(SimHub hub) {
                hub.write(writing -> {
                    for (String statement : statements) {
                        writing.sql().update(statement);
                    }
                    return true;
                });
            }
        };
    }

    private static final class IdsMintedAtSend implements Seams {
        private long minted;

        @Override
        public Message.Upward up(TerminalId terminal, Message.Upward message) {
            return changed(
                    message,
                    event -> with(event, next(event), event.minutes().minutes(), event.at()));
        }

        private TransferId next(TapEvent event) {
            minted++;
            return TransferId.mint(event.at().wallMicros() / 1_000, 1, minted << 4);
        }
    }

    private static final class AcknowledgedEarly implements Seams {
        private final Map<TerminalId, Long> sent = new HashMap<>();

        @Override
        public Message.Upward up(TerminalId terminal, Message.Upward message) {
            if (message instanceof EventBatch batch) {
                try {
                    sent.put(terminal, Codec.decodeEvent(batch.events().getLast()).sequence());
                } catch (MalformedMessageException e) {
                    throw new AssertionError(e);
                }
            }
            return message;
        }

        @Override
        public FeedPage down(TerminalId terminal, FeedPage page) {
            long early = Math.max(page.acknowledged(), sent.getOrDefault(terminal, 0L));
            return page.more() || early < 1
                    ? page
                    : new FeedPage(
                            early,
                            List.of(new EventOutcome(early, EventOutcome.Outcome.POSTED, "")),
                            page.since(),
                            page.upTo(),
                            false,
                            page.rows(),
                            page.hubMicros());
        }
    }

    private static final class FirstRowLost implements Seams {
        @Override
        public FeedPage down(TerminalId terminal, FeedPage page) {
            return page.rows().isEmpty()
                    ? page
                    : new FeedPage(
                            page.acknowledged(),
                            page.outcomes(),
                            page.since(),
                            page.upTo(),
                            page.more(),
                            page.rows().subList(1, page.rows().size()),
                            page.hubMicros());
        }
    }

    private static final class JournalCut implements Seams {
        private int starts;

        @Override
        public void started(SimHub hub) {
            starts++;
            if (starts > 1) {
                hub.write(writing -> {
                    writing.sql().update("DROP TRIGGER transfer_remains");
                    writing.sql()
                            .update(
                                    "DELETE FROM transfer WHERE sequence ="
                                            + " (SELECT MAX(sequence) FROM transfer)");
                    return true;
                });
            }
        }
    }
}
