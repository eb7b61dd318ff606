package org.hourtap.device.testing;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.hourtap.contract.ActivityId;
import org.hourtap.contract.BookId;
import org.hourtap.contract.CardId;
import org.hourtap.contract.CardStamp;
import org.hourtap.contract.ClockReading;
import org.hourtap.contract.Codec;
import org.hourtap.contract.Credits;
import org.hourtap.contract.FeedRow;
import org.hourtap.contract.FeedRow.CardRow;
import org.hourtap.contract.FeedRow.Mode;
import org.hourtap.contract.FeedRow.ProfileRow;
import org.hourtap.contract.FeedRow.Status;
import org.hourtap.contract.SignedHead;
import org.hourtap.contract.TapEvent;
import org.hourtap.contract.TapEvent.Proof;
import org.hourtap.contract.TransferId;
import org.hourtap.tap.JournalPosition;
import org.hourtap.tap.StoreException;
import org.hourtap.tap.TerminalStore;

/// Taps and rows with names.
public final class Taps {
    public static final CardId ALYS = new CardId("04A1B2C3D4E5F6");
    public static final CardId BRAN = new CardId("04112233445566");
    public static final ActivityId SWIM = new ActivityId("swim");

    /// 14 March 2026, 10:15 UTC.
    public static final long MORNING = 1_773_483_300_000_000L;

    private static final String BOOT = "7a0b7a2e-2f64-4a6f-8a54-0c52a6d4a001";
    private static final long SECOND = 1_000_000;

    private Taps() {}

    /// The clock a number of seconds into the morning.
    public static ClockReading clock(long seconds) {
        return new ClockReading(
                BOOT,
                (1_000 + seconds) * SECOND,
                MORNING + seconds * SECOND,
                ClockReading.Quality.NTP);
    }

    /// What a hub says of the book `dinas`, with a signature that nobody made.
    ///
    /// @param hash the digit that all of it is made of
    public static SignedHead head(long number, char hash) {
        return new SignedHead(
                new BookId("dinas"),
                number,
                String.valueOf(hash).repeat(64),
                Instant.EPOCH.plus(MORNING, ChronoUnit.MICROS),
                "A".repeat(86));
    }

    public static TapEvent spend(long sequence, CardId card, int minutes, boolean offline) {
        return event(sequence, TapEvent.Kind.SPEND, card, minutes, offline);
    }

    public static TapEvent shift(long sequence, CardId card, TapEvent.Kind kind) {
        return event(sequence, kind, card, 0, false);
    }

    public static TapEvent declined(long sequence, CardId card) {
        return new TapEvent(
                sequence,
                TransferId.mint(MORNING / 1000, sequence, sequence << 4),
                TapEvent.Kind.DECLINED,
                card,
                Proof.NONE,
                null,
                Credits.NONE,
                "CARD_STOPPED",
                clock(sequence),
                false);
    }

    private static TapEvent event(
            long sequence, TapEvent.Kind kind, CardId card, int minutes, boolean offline) {
        return new TapEvent(
                sequence,
                TransferId.mint(MORNING / 1000, sequence, sequence << 4),
                kind,
                card,
                Proof.DESFIRE_EV2,
                SWIM,
                new Credits(minutes),
                null,
                clock(sequence),
                offline);
    }

    /// A spend as a card takes it in, with the counter it has then.
    public static TapEvent carried(long sequence, CardId card, int minutes, long counter) {
        return event(sequence, TapEvent.Kind.SPEND, card, minutes, true)
                .with(new CardStamp(counter, null));
    }

    public static void doubt(TerminalStore store, TapEvent event) throws StoreException {
        store.doubt(event, Codec.encodeEvent(event));
    }

    public static void settle(TerminalStore store, TapEvent event) throws StoreException {
        store.settle(event, Codec.encodeEvent(event));
    }

    public static void keep(TerminalStore store, TapEvent event) throws StoreException {
        store.record(event, Codec.encodeEvent(event), 0);
    }

    public static CardRow card(CardId card, long balance) {
        return new CardRow(card, Status.ACTIVE, Proof.UID_ONLY, balance, "cy", null);
    }

    public static ProfileRow pool(int minutes) {
        return new ProfileRow(
                "Pwll Dinas", Mode.ENTRANCE, SWIM, "Nofio", new Credits(minutes), "en");
    }

    public static ProfileRow lunchClub() {
        return new ProfileRow(
                "Cinio", Mode.SHIFT, new ActivityId("serve"), "Gweini", Credits.NONE, "en");
    }

    /// Applies rows as the forwarder would, moving the cursor by one.
    public static void tell(TerminalStore store, long acknowledged, FeedRow... rows)
            throws StoreException {
        JournalPosition now = store.position();
        store.apply(
                List.of(rows),
                false,
                new JournalPosition(now.last(), acknowledged, now.oldest(), now.cursor() + 1));
    }
}
