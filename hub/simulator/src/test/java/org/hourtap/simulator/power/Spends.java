package org.hourtap.simulator.power;

import org.hourtap.contract.ActivityId;
import org.hourtap.contract.CardId;
import org.hourtap.contract.ClockReading;
import org.hourtap.contract.Credits;
import org.hourtap.contract.TapEvent;
import org.hourtap.contract.TapEvent.Proof;
import org.hourtap.contract.TransferId;

/// An hour of swimming, again and again.
final class Spends {
    static final long MORNING = 1_773_483_300_000_000L;
    static final CardId ALYS = new CardId("04A1B2C3D4E5F6");

    private static final String BOOT = "7a0b7a2e-2f64-4a6f-8a54-0c52a6d4a001";
    private static final long SECOND = 1_000_000;

    private Spends() {}

    static TapEvent spend(long sequence) {
        return new TapEvent(
                sequence,
                TransferId.mint(MORNING / 1000, sequence, sequence << 4),
                TapEvent.Kind.SPEND,
                ALYS,
                Proof.DESFIRE_EV2,
                new ActivityId("swim"),
                new Credits(60),
                null,
                new ClockReading(
                        BOOT,
                        sequence * SECOND,
                        MORNING + sequence * SECOND,
                        ClockReading.Quality.NTP),
                true);
    }
}
