package org.hourtap.tap;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.hourtap.contract.ActivityId;
import org.hourtap.contract.CardId;
import org.hourtap.contract.ClockReading;
import org.hourtap.contract.Credits;
import org.hourtap.contract.FeedRow;
import org.hourtap.contract.FeedRow.Mode;
import org.hourtap.contract.FeedRow.Status;
import org.hourtap.contract.TapEvent.Proof;
import org.hourtap.contract.TransferId;

/// People, places and a clock that moves when told.
final class TapFixtures {
    static final CardId MAIR = new CardId("04A1B2C3D4E5F6");
    static final CardId OWEN = new CardId("04112233445566");
    static final ActivityId SWIM = new ActivityId("swim");
    static final ActivityId LUNCH = new ActivityId("lunch");

    static final FeedRow.PolicyRow POLICY =
            new FeedRow.PolicyRow(30, new Credits(120), new Credits(600));

    private TapFixtures() {}

    static final class Clock implements Supplier<ClockReading> {
        private long micros = 1_000_000;
        private String boot = "boot-1";

        void forwardSeconds(double seconds) {
            micros += (long) (seconds * 1_000_000);
        }

        void reboot() {
            boot = boot + "x";
            micros = 1_000_000;
        }

        @Override
        public ClockReading get() {
            return new ClockReading(boot, micros, micros, ClockReading.Quality.UNKNOWN);
        }
    }

    static Supplier<TransferId> ids() {
        AtomicLong next = new AtomicLong();
        return () -> TransferId.mint(1_790_000_000_000L, 0, next.incrementAndGet() << 4);
    }

    static FeedRow.ProfileRow pool() {
        return new FeedRow.ProfileRow(
                "Barry Pool", Mode.ENTRANCE, SWIM, "Swimming", new Credits(60), "en");
    }

    static FeedRow.ProfileRow lunchClub() {
        return new FeedRow.ProfileRow(
                "Penarth Lunch Club", Mode.SHIFT, LUNCH, "Lunch club", Credits.NONE, "en");
    }

    static FeedRow.CardRow card(CardId card, long balance) {
        return new FeedRow.CardRow(card, Status.ACTIVE, Proof.DESFIRE_EV1, balance, "cy", null);
    }

    static Presented.Identified presented(CardId card) {
        return new Presented.Identified(card, Proof.DESFIRE_EV2);
    }
}
