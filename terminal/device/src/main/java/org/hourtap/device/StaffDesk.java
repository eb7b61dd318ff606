package org.hourtap.device;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.hourtap.contract.FeedRow;
import org.hourtap.contract.FeedRow.ProfileRow;
import org.hourtap.contract.SignedHead;
import org.hourtap.device.mqtt.LinkStatus;
import org.hourtap.device.screen.Place;
import org.hourtap.device.screen.StaffTap;
import org.hourtap.device.screen.StaffView;
import org.hourtap.device.sqlite.HeadView;
import org.hourtap.device.sqlite.JournalView;
import org.hourtap.tap.StoreException;
import org.jspecify.annotations.Nullable;

/// What the pages are told: where the terminal stands, today's taps, what has not reached the hub,
/// and what is wrong. Any thread may ask.
final class StaffDesk {
    private static final int MINUTES_PER_HOUR = 60;

    private final TapDesk desk;
    private final JournalView journal;
    private final HeadView heads;
    private final Supplier<LinkStatus> link;
    private final TerminalClock clock;
    private final String language;
    private final ZoneId zone;

    StaffDesk(
            TapDesk desk,
            JournalView journal,
            HeadView heads,
            Supplier<LinkStatus> link,
            TerminalClock clock,
            String language,
            ZoneId zone) {
        this.desk = desk;
        this.journal = journal;
        this.heads = heads;
        this.link = link;
        this.clock = clock;
        this.language = language;
        this.zone = zone;
    }

    /// Every screen speaks English and Welsh; the venue's own language comes first.
    static Place place(Optional<ProfileRow> profile, String language) {
        String first = profile.map(ProfileRow::language).orElse(language);
        String second = first.equals("en") ? "cy" : "en";
        return new Place(
                profile.map(ProfileRow::venueName).orElse(""),
                profile.map(StaffDesk::activity).orElse(""),
                List.of(first, second));
    }

    Place place() {
        return place(desk.state().profile(), language);
    }

    StaffView view() {
        TapDesk.State state = desk.state();
        List<String> troubles = new ArrayList<>();
        addTrouble(troubles, desk.readerTrouble());
        addTrouble(troubles, state.storeTrouble());
        addTrouble(troubles, state.salvage());
        if (state.profile().isEmpty()) {
            addTrouble(
                    troubles,
                    "The hub has not told this terminal yet what it is for; until then nobody can"
                            + " be welcomed.");
        }
        addTrouble(troubles, linkTrouble(state));
        List<StaffTap> taps = List.of();
        JournalView.Outbox outbox = new JournalView.Outbox(0, 0, 0, 0, 0);
        try {
            taps =
                    journal.since(startOfToday()).stream()
                            .map(entry ->
                                    StaffTap.of(
                                            entry.event(), zone, entry.inLedger(), entry.inDoubt()))
                            .toList();
            outbox = journal.outbox();
            heads.contradiction().ifPresent(head -> addTrouble(troubles, sentence(head)));
        } catch (StoreException e) {
            addTrouble(troubles, String.valueOf(e.getMessage()));
        }
        return new StaffView(
                state.profile().map(ProfileRow::venueName).orElse(""),
                taps,
                outbox.waiting(),
                outbox.waiting() == 0 ? null : timeOf(outbox.oldestWallMicros()),
                new StaffView.Link(state.online(), timeOf(state.onlineSinceMicros())),
                troubles);
    }

    /// @param head one that contradicts another
    static String sentence(SignedHead head) {
        return "The hub has told this terminal two different things about entry "
                + head.number()
                + " of its books, so somebody may have changed them. Tell the coordinator:"
                + " hourtap-terminal heads prints both lines, and an auditor can prove which of"
                + " them is in the books.";
    }

    private String linkTrouble(TapDesk.State state) {
        LinkStatus status = link.get();
        if (state.online() || status.trouble().isEmpty()) {
            return "";
        }
        return "For whoever looks after the network: " + status.trouble();
    }

    private static void addTrouble(List<String> troubles, String sentence) {
        if (!sentence.isEmpty() && !troubles.contains(sentence)) {
            troubles.add(sentence);
        }
    }

    private static String activity(ProfileRow profile) {
        if (profile.mode() == FeedRow.Mode.SHIFT) {
            return profile.activityName();
        }
        long hours = profile.price().minutes() / MINUTES_PER_HOUR;
        long minutes = profile.price().minutes() % MINUTES_PER_HOUR;
        String price =
                (hours > 0 ? hours + " h" : "")
                        + (hours > 0 && minutes > 0 ? " " : "")
                        + (minutes > 0 ? minutes + " min" : "");
        return profile.activityName() + " · " + price;
    }

    private long startOfToday() {
        Instant now = Instant.EPOCH.plus(clock.get().wallMicros(), ChronoUnit.MICROS);
        Instant start = now.atZone(zone).toLocalDate().atStartOfDay(zone).toInstant();
        return ChronoUnit.MICROS.between(Instant.EPOCH, start);
    }

    private @Nullable LocalTime timeOf(long wallMicros) {
        return wallMicros == 0
                ? null
                : Instant.EPOCH.plus(wallMicros, ChronoUnit.MICROS).atZone(zone).toLocalTime();
    }
}
