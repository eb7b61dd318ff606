package org.hourtap.contract;

import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/// One message of each kind, with people and places rather than random values.
final class ContractFixtures {
    static final ClockReading NOON =
            new ClockReading(
                    "3f0c", 86_400_000_000L, 1_790_000_000_000_000L, ClockReading.Quality.NTP);
    static final TransferId FIRST =
            new TransferId(UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8050"));

    private ContractFixtures() {}

    static TapEvent swim() {
        return new TapEvent(
                1,
                FIRST,
                TapEvent.Kind.SPEND,
                new CardId("04782E21801D80"),
                TapEvent.Proof.DESFIRE_EV2,
                new ActivityId("swim"),
                new Credits(60),
                null,
                NOON,
                false,
                new CardStamp(8, "1e285e485ba62de1"),
                List.of(new CarriedTap(HexFormat.of().formatHex(record().bytes()), null)));
    }

    /// What another terminal wrote on the same card the day before.
    static CardRecord record() {
        return new CardRecord(
                TapEvent.Kind.SPEND,
                true,
                true,
                new Credits(60),
                7,
                TerminalTag.of(new BookId("cardiff"), new TerminalId("theatre")),
                41,
                new TransferId(UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8060")));
    }

    static TapEvent declined() {
        return new TapEvent(
                2,
                FIRST.withLeg(0),
                TapEvent.Kind.DECLINED,
                new CardId("04782E21801D80"),
                TapEvent.Proof.NONE,
                null,
                Credits.NONE,
                "UNKNOWN_CARD",
                NOON,
                true);
    }

    static Map<String, Message> oneOfEach() {
        Map<String, Message> messages = new TreeMap<>();
        messages.put("hello", new Hello(3, 17, 240, "0.1.0", NOON));
        messages.put(
                "events",
                new EventBatch(
                        1,
                        List.of(Codec.encodeEvent(swim()), Codec.encodeEvent(declined())),
                        NOON));
        messages.put("get", new FeedRequest(240));
        messages.put("state", new TerminalReport(3, TerminalReport.State.LOST));
        messages.put("feed", feed());
        return messages;
    }

    static FeedPage feed() {
        return new FeedPage(
                2,
                List.of(
                        new EventOutcome(1, EventOutcome.Outcome.POSTED, ""),
                        new EventOutcome(2, EventOutcome.Outcome.RECORDED, "")),
                240,
                244,
                false,
                List.of(
                        new FeedRow.CardRow(
                                new CardId("04782E21801D80"),
                                FeedRow.Status.ACTIVE,
                                TapEvent.Proof.DESFIRE_EV1,
                                120,
                                "cy",
                                new FeedRow.OpenShift(
                                        new ActivityId("lunch"), 1_790_000_000_000_000L),
                                8,
                                0b101,
                                90L),
                        new FeedRow.CardRow(
                                new CardId("04A1B2C3"),
                                FeedRow.Status.STOPPED,
                                TapEvent.Proof.UID_ONLY,
                                -30,
                                "en",
                                null),
                        new FeedRow.ProfileRow(
                                "Barry Pool",
                                FeedRow.Mode.ENTRANCE,
                                new ActivityId("swim"),
                                "Swimming",
                                new Credits(60),
                                "en"),
                        new FeedRow.PolicyRow(30, new Credits(120), new Credits(600))),
                1_790_000_000_000_000L);
    }
}
