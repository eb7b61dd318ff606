package org.hourtap.tap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hourtap.contract.CardRecord;
import org.hourtap.contract.CardStamp;
import org.hourtap.contract.CarriedTap;
import org.hourtap.contract.Codec;
import org.hourtap.contract.FeedRow.CardRow;
import org.hourtap.contract.FeedRow.Status;
import org.hourtap.contract.MalformedMessageException;
import org.hourtap.contract.TapEvent;
import org.hourtap.contract.TransferId;

/// What the hub does with taps, in the fewest words: each id is posted once, whoever brings it, and
/// taken back when its own terminal says that nobody was let in on it.
final class ModelHub {
    private final long granted;
    private final Map<TransferId, Long> posted = new HashMap<>();
    private final Set<TransferId> torn = new HashSet<>();
    private final Set<Long> counters = new HashSet<>();

    ModelHub(long granted) {
        this.granted = granted;
    }

    long charged() {
        return posted.values().stream().mapToLong(Long::longValue).sum();
    }

    /// Takes in what a terminal has to tell, acknowledges it, and tells where the card stands.
    void meets(Door door) throws StoreException {
        hears(door);
        JournalPosition now = door.store.position();
        List<JournalLine> left = door.store.after(now.acknowledged(), 500);
        long acknowledged = left.isEmpty() ? now.acknowledged() : left.getLast().sequence();
        door.store.apply(
                List.of(row()),
                false,
                new JournalPosition(now.last(), acknowledged, now.oldest(), now.cursor() + 1));
    }

    /// Takes in, but its acknowledgement is lost.
    void hears(Door door) throws StoreException {
        long from = door.store.position().acknowledged();
        for (JournalLine line : door.store.after(from, 500)) {
            take(decoded(line.text()));
        }
    }

    private void take(TapEvent event) {
        for (CarriedTap carried : event.carried()) {
            CardRecord record = parsed(carried);
            counters.add(record.counter());
            post(record.id(), record.minutes().minutes());
        }
        CardStamp stamp = event.stamp();
        if (stamp != null) {
            counters.add(stamp.counter());
        }
        switch (event.kind()) {
            case SPEND -> {
                assertThat(torn).as("said to be torn before").doesNotContain(event.id());
                post(event.id(), event.minutes().minutes());
            }
            case TORN -> {
                torn.add(event.id());
                posted.remove(event.id());
            }
            case SHIFT_IN, SHIFT_OUT, DECLINED -> {}
        }
    }

    private void post(TransferId id, long minutes) {
        if (!torn.contains(id)) {
            Long before = posted.put(id, minutes);
            assertThat(before == null || before == minutes).as("the same tap").isTrue();
        }
    }

    private CardRow row() {
        long complete = 0;
        while (counters.contains(complete + 1)) {
            complete++;
        }
        int ahead = 0;
        for (int bit = 0; bit < Integer.SIZE; bit++) {
            ahead |= counters.contains(complete + 2 + bit) ? 1 << bit : 0;
        }
        return new CardRow(
                TapFixtures.MAIR,
                Status.ACTIVE,
                TapEvent.Proof.DESFIRE_EV2,
                granted - charged(),
                "cy",
                null,
                complete,
                ahead,
                null);
    }

    private static TapEvent decoded(String text) {
        try {
            return Codec.decodeEvent(text);
        } catch (MalformedMessageException e) {
            throw new AssertionError("not a tap", e);
        }
    }

    private static CardRecord parsed(CarriedTap carried) {
        try {
            return carried.parsed();
        } catch (MalformedMessageException e) {
            throw new AssertionError("not a record", e);
        }
    }
}
