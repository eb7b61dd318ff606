package org.hourtap.device.cards;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.hourtap.card.CardClass;
import org.hourtap.contract.CardRecord;
import org.hourtap.contract.TapEvent;

/// What is on a card, in plain words.
final class CardStory {
    private static final int MINUTES_PER_HOUR = 60;

    /// A UUIDv7 begins with 48 bits of milliseconds.
    private static final int BELOW_TIME = 16;

    private CardStory() {}

    static String proof(CardClass cardClass) {
        return switch (cardClass) {
            case DESFIRE_EV2 -> "A DESFire EV2 or EV3 of this scheme; it proved that.";
            case DESFIRE_EV1 ->
                    "An older DESFire of this scheme; it proved that. It carries no taps.";
            case NTAG_424 -> "An NTAG 424 of this scheme; it proved that. It carries no taps.";
            case UID_ONLY ->
                    "Nothing of this scheme is on it. It shows a number, which anyone can copy.";
        };
    }

    /// @param counter how many taps the card has taken in
    /// @param newest the newest of them, oldest first
    static List<String> taps(long counter, List<CardRecord> newest, ZoneId zone) {
        List<String> lines = new ArrayList<>();
        lines.add(
                counter == 0
                        ? "It has never been used at a door."
                        : counter == 1 ? "1 tap so far." : counter + " taps so far.");
        newest.reversed().forEach(record -> lines.add(line(record, zone)));
        return lines;
    }

    private static String line(CardRecord record, ZoneId zone) {
        return "  "
                + record.counter()
                + "  "
                + time(record, zone)
                + "  "
                + what(record)
                + "  at terminal "
                + String.format(Locale.ROOT, "%08x", record.terminal())
                + " (its tap "
                + record.sequence()
                + (record.offline() ? ", offline)" : ")");
    }

    private static String time(CardRecord record, ZoneId zone) {
        if (!record.clockKnown()) {
            return "(time not known)";
        }
        long millis = record.id().value().getMostSignificantBits() >>> BELOW_TIME;
        return DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT)
                .format(Instant.ofEpochMilli(millis).atZone(zone));
    }

    private static String what(CardRecord record) {
        if (record.kind() == TapEvent.Kind.SPEND) {
            return hours(record.minutes().minutes()) + " spent";
        }
        return record.kind() == TapEvent.Kind.SHIFT_IN ? "shift begun" : "shift ended";
    }

    private static String hours(long minutes) {
        long hours = minutes / MINUTES_PER_HOUR;
        long rest = minutes % MINUTES_PER_HOUR;
        if (hours == 0) {
            return rest + " min";
        }
        return rest == 0 ? hours + " h" : hours + " h " + rest + " min";
    }
}
