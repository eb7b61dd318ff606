package org.hourtap.tap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.hourtap.card.CardCounter;
import org.hourtap.contract.CardRecord;
import org.hourtap.contract.CardStamp;
import org.hourtap.contract.CarriedTap;
import org.hourtap.contract.ClockReading;
import org.hourtap.contract.Credits;
import org.hourtap.contract.FeedRow.CardRow;
import org.hourtap.contract.FeedRow.OpenShift;
import org.hourtap.contract.FeedRow.Status;
import org.hourtap.contract.MalformedMessageException;
import org.hourtap.contract.TapEvent;
import org.hourtap.contract.TransferId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What a card's records mean. A record is written `counter:minutes`, with `i` or `o` in place of
/// the minutes for the begin and end of a shift, and then, in any order: `f` decided offline, `m`
/// this terminal's own, `t` this terminal's own and torn.
class CardStoryTest {
    private static final ClockReading AT = new ClockReading("boot", 1, 1, ClockReading.Quality.HUB);

    @Test
    void whatTheCardToldBesideWhatTheHubSaid() {
        String[] table = {
            // cache  seen  n   records read                shape        spent offline news
            "0:0      0     0   -                           WHOLE        0     0       -",
            "5:0      0     5   -                           WHOLE        0     0       -",
            "5:0      5     5   -                           WHOLE        0     0       -",
            "5:0      0     6   6:60                        WHOLE        60    0       6",
            "5:0      0     6   6:60f                       WHOLE        60    60      6",
            "5:0      0     8   6:60f,7:30,8:15f            WHOLE        105   75      6,7,8",
            // Seen before and acknowledged, yet the hub says nothing of it: a backup of its books.
            "5:0      7     8   6:60,7:30,8:15              WHOLE        105   0       6,7,8",
            // Own taps travel by themselves.
            "5:0      6     8   6:60,7:30m,8:15             WHOLE        105   0       6,8",
            "5:0      0     6   6:60m                       WHOLE        60    0       -",
            // Nobody was let in on a torn one, but the hub wants to hear of it.
            "5:0      5     7   6:60tf,7:30f                WHOLE        30    30      6,7",
            // The hub knows some of the later ones: 7 is the first bit, 8 the second.
            "5:1      0     7   6:60,7:30                   WHOLE        60    0       6",
            "5:2      0     8   6:60,7:30,8:15              WHOLE        90    0       6,7",
            // More was read than needed, for the sake of a doubt.
            "5:0      0     6   4:60,5:60,6:60              WHOLE        60    0       6",
            "5:0      0     5   4:60,5:60                   WHOLE        0     0       -",
            // Something is missing: what is known counts, and of the limit only what we did.
            "5:0      0     7   7:30f                       GAP          30    0       7",
            "5:0      0     7   6:60f                       GAP          60    0       6",
            "5:0      0     8   6:60f,8:15f                 GAP          75    0       6,8",
            "5:0      0     7   7:30f,6:60f                 GAP          90    0       7,6",
            "5:0      0     7   6:60f,6:60f,7:30            GAP          90    0       6,6,7",
            "5:0      0     7   -                           GAP          0     0       -",
            "5:0      0     6   6:60f,7:30f                 GAP          90    0       6,7",
            "0:0      0     20  20:60m                      GAP          60    0       -",
            // An older state than somebody saw.
            "5:0      0     4   -                           TURNED_BACK  0     0       -",
            "5:0      7     6   6:60                        TURNED_BACK  0     0       -",
            "5:2      0     7   6:60,7:30                   TURNED_BACK  0     0       -",
            "5:2      0     8   6:60,7:30,8:15              WHOLE        90    0       6,7",
            "0:0      1     0   -                           TURNED_BACK  0     0       -",
        };
        for (String line : table) {
            String[] cell = line.split(" +");
            CardStory story =
                    story(
                            row(cell[0], false),
                            number(cell[1]),
                            number(cell[2]),
                            cell[3],
                            List.of());
            String told =
                    String.join(
                            " ",
                            story.shape().name(),
                            Long.toString(story.spent()),
                            Long.toString(story.spentOffline()),
                            counters(story.news()));
            assertThat(told)
                    .as(line)
                    .isEqualTo(String.join(" ", cell[4], cell[5], cell[6], cell[7]));
        }
    }

    @Test
    void whatAnOwnTapPassesOnIsNotPassedOnAgainWhileThatIsUnderWay() {
        CardMemory.OwnTap underWay =
                new CardMemory.OwnTap(record("7:30m").id(), TapEvent.Kind.SPEND, 30, false, 7);
        CardStory story = story(row("5:0", false), 7, 8, "6:60,7:30m,8:15", List.of(underWay));
        assertThat(story.spent()).isEqualTo(105);
        assertThat(counters(story.news())).isEqualTo("8");
    }

    @Test
    void aCardTheHubNeverNamedIsReadFromTheStartAndPassedOn() {
        CardStory story = story(null, 0, 2, "1:60f,2:30", List.of());
        assertThat(story.shape()).isEqualTo(CardStory.Shape.WHOLE);
        assertThat(counters(story.news())).isEqualTo("1,2");
        assertThat(story(null, 3, 2, "1:60,2:30", List.of()).shape())
                .isEqualTo(CardStory.Shape.TURNED_BACK);
    }

    @Test
    void aTapBothOnTheCardAndInOurJournalCountsOnce() {
        CardMemory.OwnTap onCard = own(6, TapEvent.Kind.SPEND, 60, true, 6);
        CardMemory.OwnTap beforeItCarriedAny = own(99, TapEvent.Kind.SPEND, 15, true, 0);
        CardMemory.OwnTap inTheBalance = own(5, TapEvent.Kind.SPEND, 45, true, 5);
        List<CardMemory.OwnTap> all = List.of(inTheBalance, beforeItCarriedAny, onCard);
        CardStory whole = story(row("5:0", false), 0, 7, "6:60mf,7:30f", all);
        assertThat(whole.spent()).isEqualTo(60 + 30 + 15);
        assertThat(whole.spentOffline()).isEqualTo(60 + 30 + 15);
        CardStory gap = story(row("3:0", false), 0, 7, "7:30f", all);
        assertThat(gap.shape()).isEqualTo(CardStory.Shape.GAP);
        assertThat(gap.spent()).isEqualTo(30 + 15 + 60 + 45);
        assertThat(gap.spentOffline()).isEqualTo(15 + 60 + 45);
    }

    @Test
    void whatACardHoldsNoMoreIsKnownFromOurOwnJournal() {
        List<CardMemory.OwnTap> week = new ArrayList<>();
        for (int counter = 1; counter <= 17; counter++) {
            week.add(own(counter, TapEvent.Kind.SPEND, 10, true, counter));
        }
        StringBuilder held = new StringBuilder("2:10mf");
        for (int counter = 3; counter <= 17; counter++) {
            held.append(',').append(counter).append(":10mf");
        }
        CardStory story = story(row("0:0", false), 0, 17, held.toString(), week);
        assertThat(story.shape()).isEqualTo(CardStory.Shape.WHOLE);
        assertThat(story.spent()).isEqualTo(170);
        assertThat(story(row("0:0", false), 0, 17, held.toString(), week.subList(1, 17)).shape())
                .isEqualTo(CardStory.Shape.GAP);
    }

    @Test
    void theNewestWordOnAShiftIsTheCards() {
        String[] table = {
            // hub says  own unposted   records      on shift
            "off         -              -            no",
            "on          -              -            yes",
            "off         -              6:i          yes",
            "on          -              6:o          no",
            "off         -              6:i,7:o      no",
            "off         -              6:i,7:60     yes",
            "off         -              6:it         no",
            "off         -              6:im         yes",
            "off         in             -            yes",
            "on          out            -            no",
            "off         in             6:o          no",
            "on          -              5:o,6:60     yes",
        };
        for (String line : table) {
            String[] cell = line.split(" +");
            List<CardMemory.OwnTap> own =
                    switch (cell[1]) {
                        case "in" -> List.of(own(9, TapEvent.Kind.SHIFT_IN, 0, true, 0));
                        case "out" -> List.of(own(9, TapEvent.Kind.SHIFT_OUT, 0, true, 0));
                        default -> List.of();
                    };
            int n = cell[2].contains("7:") ? 7 : cell[2].contains("6:") ? 6 : 5;
            CardStory story = story(row("5:0", cell[0].equals("on")), 0, n, cell[2], own);
            assertThat(story.isOnShift()).as(line).isEqualTo(cell[3].equals("yes"));
        }
    }

    @Test
    void onlyTheNewestRecordBringsItsMac() throws MalformedMessageException {
        List<CarriedTap> news = story(null, 0, 2, "1:60,2:30", List.of()).news();
        assertThat(news).extracting(CarriedTap::mac).containsExactly(null, PocketCard.mac(2));
        assertThat(news.getLast().parsed()).isEqualTo(record("2:30"));
    }

    @Test
    void asManyRecordsAreReadAsItTakes() {
        String[] table = {
            // cache  n    doubt expects   wanted
            "0:0      0    -               0",
            "5:0      5    -               0",
            "5:0      6    -               1",
            "5:0      21   -               16",
            "5:0      99   -               16",
            "5:0      5    6               0",
            "5:0      6    6               1",
            "6:0      6    6               1",
            "9:0      9    6               4",
            "5:0      9    8               4",
            "5:0      4    -               0",
        };
        for (String line : table) {
            String[] cell = line.split(" +");
            List<TapEvent> doubts = cell[2].equals("-") ? List.of() : List.of(doubt(cell[2]));
            assertThat(CardStory.recordsWanted(number(cell[1]), row(cell[0], false), doubts))
                    .as(line)
                    .isEqualTo((int) number(cell[3]));
        }
        assertThat(CardStory.recordsWanted(3, null, List.of())).isEqualTo(3);
    }

    @Test
    void aDoubtIsAnsweredByARecordOfItsId() {
        assertThat(CardStory.contains(records("5:60,6:60"), doubt("6"))).isTrue();
        assertThat(CardStory.contains(records("5:60,7:60"), doubt("6"))).isFalse();
        assertThat(CardStory.contains(List.of(), doubt("6"))).isFalse();
    }

    @Test
    void theStandingOfACardIsCorrectedByItsStory() {
        CardRow row = row("5:0", false);
        Standing before =
                new Standing(
                        null,
                        TapFixtures.POLICY,
                        new Standing.KnownCard(row, 600, 600, true),
                        null,
                        false);
        CardStory story = story(row, 0, 6, "6:60f", List.of());
        Standing after = before.with(story);
        assertThat(after.card()).isEqualTo(new Standing.KnownCard(row, 60, 60, false));
        assertThat(after.story()).isEqualTo(story);
    }

    private static CardStory story(
            @Nullable CardRow row,
            long seen,
            long counter,
            String records,
            List<CardMemory.OwnTap> own) {
        Set<TransferId> welcomed = new HashSet<>();
        Set<TransferId> torn = new HashSet<>();
        for (String word : words(records)) {
            if (word.contains("m")) {
                welcomed.add(record(word).id());
            }
            if (word.contains("t")) {
                torn.add(record(word).id());
            }
        }
        return CardStory.of(
                new CardCounter(counter, PocketCard.mac(counter)),
                records(records),
                row,
                new CardMemory(seen, own),
                new HeldTaps(welcomed, torn));
    }

    private static List<String> words(String records) {
        return records.equals("-") ? List.of() : Arrays.asList(records.split(","));
    }

    private static List<CardRecord> records(String records) {
        List<CardRecord> all = new ArrayList<>();
        words(records).forEach(word -> all.add(record(word)));
        return all;
    }

    private static CardRecord record(String word) {
        String[] part = word.replaceAll("[fmt]", "").split(":");
        TapEvent.Kind kind =
                switch (part[1]) {
                    case "i" -> TapEvent.Kind.SHIFT_IN;
                    case "o" -> TapEvent.Kind.SHIFT_OUT;
                    default -> TapEvent.Kind.SPEND;
                };
        long minutes = kind == TapEvent.Kind.SPEND ? number(part[1]) : 0;
        long counter = number(part[0]);
        return new CardRecord(
                kind, word.contains("f"), true, new Credits(minutes), counter, 2, 1, id(counter));
    }

    private static CardMemory.OwnTap own(
            long id, TapEvent.Kind kind, long minutes, boolean offline, long counter) {
        return new CardMemory.OwnTap(id(id), kind, minutes, offline, counter);
    }

    private static TapEvent doubt(String counter) {
        return new TapEvent(
                1,
                id(number(counter)),
                TapEvent.Kind.SPEND,
                TapFixtures.MAIR,
                TapEvent.Proof.DESFIRE_EV2,
                TapFixtures.SWIM,
                new Credits(60),
                null,
                AT,
                true,
                new CardStamp(number(counter), null),
                List.of());
    }

    /// @param counters `counter:ahead`
    private static CardRow row(String counters, boolean onShift) {
        String[] part = counters.split(":");
        return new CardRow(
                TapFixtures.MAIR,
                Status.ACTIVE,
                TapEvent.Proof.DESFIRE_EV2,
                600,
                "cy",
                onShift ? new OpenShift(TapFixtures.LUNCH, 1) : null,
                number(part[0]),
                (int) number(part[1]),
                null);
    }

    private static String counters(List<CarriedTap> news) {
        List<String> counters = new ArrayList<>();
        for (CarriedTap tap : news) {
            try {
                counters.add(Long.toString(tap.parsed().counter()));
            } catch (MalformedMessageException e) {
                throw new AssertionError(e);
            }
        }
        return counters.isEmpty() ? "-" : String.join(",", counters);
    }

    private static TransferId id(long counter) {
        return TransferId.mint(1_790_000_000_000L, 0, counter << 4);
    }

    private static long number(String text) {
        return Long.parseLong(text);
    }
}
