package org.hourtap.tap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.hourtap.card.CardCounter;
import org.hourtap.contract.CardId;
import org.hourtap.contract.CardStamp;
import org.hourtap.contract.ClockReading;
import org.hourtap.contract.ClockReading.Quality;
import org.hourtap.contract.Credits;
import org.hourtap.contract.FeedRow.CardRow;
import org.hourtap.contract.FeedRow.Mode;
import org.hourtap.contract.FeedRow.PolicyRow;
import org.hourtap.contract.FeedRow.ProfileRow;
import org.hourtap.contract.FeedRow.Status;
import org.hourtap.contract.TapEvent;
import org.hourtap.contract.TapEvent.Kind;
import org.hourtap.contract.TapEvent.Proof;
import org.hourtap.contract.TransferId;
import org.hourtap.tap.Standing.KnownCard;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TapDeciderTest {
    private static final long MINUTE = 60_000_000;
    private static final ClockReading NOW =
            new ClockReading("boot-1", 100 * MINUTE, 0, ClockReading.Quality.UNKNOWN);
    private static final PolicyRow POLICY = TapFixtures.POLICY;

    /// One row per rule at an entrance that costs 60 minutes, in order of precedence: each row has
    /// everything the rows above it object to put right, and everything below still wrong.
    @Test
    void theRulesOfAnEntranceInOrderOfPrecedence() {
        String[] table = {
            // proof      set up  status   story        balance unposted offline online  decision
            "UID_ONLY     no      STOPPED  TURNED_BACK  0       0        120     no      NOT_GENUINE",
            "DESFIRE_EV1  no      STOPPED  TURNED_BACK  0       0        120     no      NOT_SET_UP",
            "DESFIRE_EV1  yes     unknown  TURNED_BACK  0       0        120     no      UNKNOWN_CARD",
            "DESFIRE_EV1  yes     STOPPED  TURNED_BACK  0       0        120     no      CARD_TURNED_BACK",
            "DESFIRE_EV1  yes     ACTIVE   TURNED_BACK  600     0        0       yes     CARD_TURNED_BACK",
            "DESFIRE_EV1  yes     STOPPED  none         0       0        120     no      CARD_STOPPED",
            "DESFIRE_EV1  yes     ACTIVE   none         59      0        120     no      NOT_ENOUGH_HOURS",
            "DESFIRE_EV1  yes     ACTIVE   none         100     41       120     no      NOT_ENOUGH_HOURS",
            "DESFIRE_EV1  yes     ACTIVE   WHOLE        100     41       120     no      NOT_ENOUGH_HOURS",
            "DESFIRE_EV1  yes     ACTIVE   none         -1      0        0       yes     NOT_ENOUGH_HOURS",
            "DESFIRE_EV1  yes     ACTIVE   GAP          59      0        0       yes     NOT_ENOUGH_HOURS",
            "DESFIRE_EV1  yes     ACTIVE   none         600     61       61      no      OFFLINE_LIMIT",
            "DESFIRE_EV1  yes     ACTIVE   GAP          600     61       61      no      OFFLINE_LIMIT",
            "DESFIRE_EV1  yes     ACTIVE   WHOLE        6000    541      541     no      OFFLINE_LIMIT",
            "DESFIRE_EV1  yes     ACTIVE   none         600     60       60      no      welcome",
            "DESFIRE_EV1  yes     ACTIVE   GAP          600     60       60      no      welcome",
            "DESFIRE_EV1  yes     ACTIVE   WHOLE        6000    540      540     no      welcome",
            "DESFIRE_EV1  yes     ACTIVE   none         600     500      500     yes     welcome",
            "DESFIRE_EV1  yes     ACTIVE   GAP          600     500      500     yes     welcome",
            "DESFIRE_EV2  yes     ACTIVE   none         60      0        0       no      welcome",
            "DESFIRE_EV2  yes     ACTIVE   WHOLE        100     40       40      yes     welcome",
        };
        for (String line : table) {
            assertThat(word(decided(line.split(" +")))).as(line).isEqualTo(line.split(" +")[8]);
        }
    }

    private static TapDecision decided(String[] cell) {
        boolean isSetUp = cell[1].equals("yes");
        boolean isUnknown = cell[2].equals("unknown");
        KnownCard known =
                card(
                        isUnknown ? "ACTIVE" : cell[2],
                        Long.parseLong(cell[4]),
                        Long.parseLong(cell[5]),
                        Long.parseLong(cell[6]),
                        false);
        Standing standing =
                new Standing(
                        isSetUp ? TapFixtures.pool() : null,
                        POLICY,
                        isUnknown && isSetUp ? null : known,
                        null,
                        cell[7].equals("yes"),
                        cell[3].equals("none") ? null : story(cell[3], 7));
        return TapDecider.decide(
                new Presented.Identified(TapFixtures.MAIR, Proof.valueOf(cell[0])), standing, NOW);
    }

    private static CardStory story(String shape, long counter) {
        return new CardStory(
                CardStory.Shape.valueOf(shape),
                new CardCounter(counter, PocketCard.mac(counter)),
                0,
                0,
                false,
                List.of());
    }

    @Test
    void aCardThatWasTurnedBackDoesNotEarnEither() {
        Standing standing =
                new Standing(
                        TapFixtures.lunchClub(),
                        POLICY,
                        card("ACTIVE", 0, 0, 0, false),
                        null,
                        true,
                        story("TURNED_BACK", 7));
        assertThat(TapDecider.decide(TapFixtures.presented(TapFixtures.MAIR), standing, NOW))
                .isEqualTo(new TapDecision.Declined(DeclineReason.CARD_TURNED_BACK));
    }

    @Test
    void aCardThatWasLentSpendsNoMoreThanItsAllowance() {
        for (long[] row : new long[][] {{600, 120, 120}, {90, 120, 90}, {600, 0, 0}}) {
            CardRow lent =
                    new CardRow(
                            TapFixtures.MAIR,
                            Status.ACTIVE,
                            Proof.DESFIRE_EV1,
                            row[0],
                            "en",
                            null,
                            0,
                            0,
                            row[1]);
            assertThat(new KnownCard(lent, 0, 0, false).available()).isEqualTo(row[2]);
            assertThat(new KnownCard(lent, 60, 0, false).available()).isEqualTo(row[2] - 60);
        }
    }

    /// The card shows that its newest tap was the one here; how long ago that was, two clocks have
    /// to agree on.
    @Test
    void acrossARestartOfTheMachineTheCardItselfSaysWhetherItIsARepeat() {
        String[] table = {
            // counter  seconds since  clock then  clock now  decision
            "7          29             HUB         NTP        repeat",
            "7          0              NTP         HUB        repeat",
            "7          30             HUB         HUB        welcome",
            "7          -1             HUB         HUB        welcome",
            "8          29             HUB         HUB        welcome",
            "7          29             RTC         HUB        welcome",
            "7          29             HUB         UNKNOWN    welcome",
            "7          29             HUB         RESTORED   welcome",
        };
        for (String line : table) {
            String[] cell = line.split(" +");
            long wall = 1_790_000_000_000_000L;
            long since = Long.parseLong(cell[1]) * 1_000_000;
            ClockReading then =
                    new ClockReading("boot-0", 5, wall - since, Quality.valueOf(cell[2]));
            ClockReading now = new ClockReading("boot-1", 9, wall, Quality.valueOf(cell[3]));
            TapEvent earlier = swim(TapFixtures.MAIR, then).with(new CardStamp(7, null));
            Standing standing =
                    new Standing(
                            TapFixtures.pool(),
                            POLICY,
                            card("ACTIVE", 600, 0, 0, false),
                            earlier,
                            true,
                            story("WHOLE", Long.parseLong(cell[0])));
            assertThat(
                            word(
                                    TapDecider.decide(
                                            TapFixtures.presented(TapFixtures.MAIR),
                                            standing,
                                            now)))
                    .as(line)
                    .isEqualTo(cell[4]);
        }
    }

    @Test
    void aWelcomeAtAnEntranceSpendsThePriceOfItsActivity() {
        assertThat(decide(TapFixtures.pool(), card("ACTIVE", 60, 0, 0, false), null, true))
                .isEqualTo(new TapDecision.Approved(Kind.SPEND, TapFixtures.SWIM, new Credits(60)));
    }

    @Test
    void earningNeverStops() {
        for (String status : List.of("ACTIVE", "STOPPED")) {
            for (long balance : new long[] {-600, 0, 600}) {
                for (boolean online : new boolean[] {true, false}) {
                    KnownCard off = card(status, balance, 0, 600, false);
                    KnownCard on = card(status, balance, 0, 600, true);
                    assertThat(decide(TapFixtures.lunchClub(), off, null, online))
                            .isEqualTo(shift(Kind.SHIFT_IN));
                    assertThat(decide(TapFixtures.lunchClub(), on, null, online))
                            .isEqualTo(shift(Kind.SHIFT_OUT));
                }
            }
        }
    }

    @Test
    void aSecondTapWithinThePassbackWindowIsARepeat() {
        TapEvent earlier = swimAt(NOW.monotonicMicros() - 29_999_999, "boot-1");
        assertThat(decide(TapFixtures.pool(), card("ACTIVE", 0, 0, 0, false), earlier, true))
                .isEqualTo(new TapDecision.Repeated(earlier));
    }

    @Test
    void afterTheWindowOrARestartOrWithAnotherCardItIsANewTap() {
        KnownCard rich = card("ACTIVE", 600, 0, 0, false);
        TapEvent old = swimAt(NOW.monotonicMicros() - 30_000_000, "boot-1");
        TapEvent otherBoot = swimAt(NOW.monotonicMicros() - 1, "boot-0");
        for (TapEvent earlier : List.of(old, otherBoot)) {
            assertThat(decide(TapFixtures.pool(), rich, earlier, true))
                    .isInstanceOf(TapDecision.Approved.class);
        }
        TapEvent owens = swimOf(TapFixtures.OWEN, NOW.monotonicMicros() - 1, "boot-1");
        assertThat(decide(TapFixtures.pool(), rich, owens, true))
                .isInstanceOf(TapDecision.Approved.class);
    }

    @Test
    void aCopyOfTheNumberIsNotWelcomedAgainEither() {
        TapEvent earlier = swimAt(NOW.monotonicMicros() - 1, "boot-1");
        Standing standing =
                new Standing(
                        TapFixtures.pool(),
                        POLICY,
                        card("ACTIVE", 600, 0, 0, false),
                        earlier,
                        true);
        assertThat(
                        TapDecider.decide(
                                new Presented.Identified(TapFixtures.MAIR, Proof.UID_ONLY),
                                standing,
                                NOW))
                .isEqualTo(new TapDecision.Declined(DeclineReason.NOT_GENUINE));
    }

    /// The whole small space: whatever the terminal knows, what it lets go is covered and never
    /// more.
    @Test
    void noWelcomeEverExceedsTheBalanceNorTheOfflineLimit() {
        int welcomed = 0;
        for (int price : new int[] {1, 59, 60, 61, 120, 121}) {
            for (long balance : new long[] {-60, 0, 1, 59, 60, 61, 120, 121, 10_000}) {
                for (long unposted : new long[] {0, 1, 60, 61, 120}) {
                    for (boolean online : new boolean[] {true, false}) {
                        ProfileRow place =
                                new ProfileRow(
                                        "Pool",
                                        Mode.ENTRANCE,
                                        TapFixtures.SWIM,
                                        "Swim",
                                        new Credits(price),
                                        "en");
                        KnownCard card = card("ACTIVE", balance, unposted, unposted, false);
                        TapDecision decision = decide(place, card, null, online);
                        boolean covered = balance - unposted >= price;
                        boolean within = online || unposted + price <= 120;
                        assertThat(decision instanceof TapDecision.Approved)
                                .isEqualTo(covered && within);
                        welcomed += decision instanceof TapDecision.Approved ? 1 : 0;
                    }
                }
            }
        }
        assertThat(welcomed).isPositive();
    }

    @Test
    void everyReasonGivesStaffASentence() {
        List<String> sentences = new ArrayList<>();
        for (DeclineReason reason : DeclineReason.values()) {
            sentences.add(reason.advice());
            assertThat(reason.advice()).endsWith(".").hasSizeLessThan(120);
        }
        assertThat(sentences).doesNotHaveDuplicates();
    }

    private static TapDecision.Approved shift(Kind kind) {
        return new TapDecision.Approved(kind, TapFixtures.LUNCH, Credits.NONE);
    }

    private static TapDecision decide(
            ProfileRow profile, KnownCard card, @Nullable TapEvent earlier, boolean online) {
        return TapDecider.decide(
                TapFixtures.presented(TapFixtures.MAIR),
                new Standing(profile, POLICY, card, earlier, online),
                NOW);
    }

    private static KnownCard card(
            String status, long balance, long unposted, long offline, boolean onShift) {
        return new KnownCard(
                new CardRow(
                        TapFixtures.MAIR,
                        Status.valueOf(status),
                        Proof.DESFIRE_EV1,
                        balance,
                        "en",
                        null),
                unposted,
                offline,
                onShift);
    }

    private static TapEvent swimAt(long micros, String boot) {
        return swimOf(TapFixtures.MAIR, micros, boot);
    }

    private static TapEvent swimOf(CardId card, long micros, String boot) {
        return swim(card, new ClockReading(boot, micros, 0, ClockReading.Quality.UNKNOWN));
    }

    private static TapEvent swim(CardId card, ClockReading at) {
        return new TapEvent(
                1,
                TransferId.mint(0, 0, 0),
                Kind.SPEND,
                card,
                Proof.DESFIRE_EV2,
                TapFixtures.SWIM,
                new Credits(60),
                null,
                at,
                false);
    }

    private static String word(TapDecision decision) {
        return switch (decision) {
            case TapDecision.Approved _ -> "welcome";
            case TapDecision.Declined(DeclineReason reason) -> reason.name();
            case TapDecision.Repeated _ -> "repeat";
        };
    }
}
