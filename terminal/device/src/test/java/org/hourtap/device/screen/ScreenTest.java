package org.hourtap.device.screen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Font;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.hourtap.tap.Cue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// What a cue becomes, and the words it becomes it in.
class ScreenTest {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\d}");
    private static final int TITLE_WORDS_MAX = 4;
    private static final int DETAIL_WORDS_MAX = 8;

    @ParameterizedTest
    @CsvSource({
        "0, '', ''",
        "1, 1 minute, 1 munud",
        "30, 30 minutes, 30 munud",
        "60, 1 hour, 1 awr",
        "61, 1 hour 1 minute, 1 awr 1 munud",
        "90, 1 hour 30 minutes, 1 awr 30 munud",
        "120, 2 hours, 2 awr",
        "1439, 23 hours 59 minutes, 23 awr 59 munud",
        "60000, 1000 hours, 1000 awr"
    })
    void hoursAreSaidInWholeNumbers(long minutes, String english, String welsh) {
        assertThat(Wording.in("en").hours(minutes)).isEqualTo(english);
        assertThat(Wording.in("cy").hours(minutes)).isEqualTo(welsh);
    }

    @Test
    void negativeMinutesAreAnError() {
        assertThatThrownBy(() -> Wording.in("en").hours(-1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everyLanguageHasTheSameKeysAndPlaceholders() {
        Wording english = Wording.in("en");
        for (String language : Wording.LANGUAGES) {
            Wording other = Wording.in(language);
            assertThat(other.language()).isEqualTo(language);
            assertThat(new TreeSet<>(other.messages().keySet()))
                    .isEqualTo(new TreeSet<>(english.messages().keySet()));
            english.messages()
                    .forEach((key, text) -> {
                        assertThat(other.text(key)).as(key).isNotBlank();
                        assertThat(placeholders(other.text(key)))
                                .as(key)
                                .isEqualTo(placeholders(text));
                    });
        }
    }

    @Test
    void everyLetterIsInTheFontOfTheScreen() {
        Font dejavu = new Font("DejaVu Sans", Font.PLAIN, 12);
        for (String language : Wording.LANGUAGES) {
            String all = String.join("", Wording.in(language).messages().values());
            assertThat(dejavu.canDisplayUpTo(all + "ŵŷŴŶ…·")).as(language).isEqualTo(-1);
        }
    }

    @Test
    void titlesAndDetailsAreShort() {
        for (String language : Wording.LANGUAGES) {
            for (Cue cue : ScreenFixtures.cues(language)) {
                Screen screen = Screen.of(cue, ScreenFixtures.POOL);
                assertThat(words(screen.title())).isBetween(1, TITLE_WORDS_MAX);
                assertThat(words(screen.detail()))
                        .as(screen.detail())
                        .isLessThanOrEqualTo(DETAIL_WORDS_MAX);
            }
        }
    }

    @Test
    void aWelcomeSaysTheHours() {
        Screen screen = Screen.of(new Cue(Cue.Kind.WELCOME, "en", 90, false), ScreenFixtures.POOL);
        assertThat(screen.title()).isEqualTo("Welcome");
        assertThat(screen.detail()).isEqualTo("1 hour 30 minutes");
        assertThat(screen.lang()).isEqualTo("en");
        assertThat(screen.icon()).isEqualTo(Screen.Icon.TICK);
        assertThat(screen.tone()).isEqualTo(Screen.Tone.OK);
        assertThat(screen.dwellMillis()).isEqualTo(4_000);
    }

    @Test
    void aRepeatLooksAndSoundsLikeAWelcomeAndSaysThatNothingMoved() {
        Screen first = Screen.of(new Cue(Cue.Kind.WELCOME, "cy", 60, false), ScreenFixtures.POOL);
        Screen again = Screen.of(new Cue(Cue.Kind.WELCOME, "cy", 60, true), ScreenFixtures.POOL);
        assertThat(again.icon()).isEqualTo(first.icon());
        assertThat(again.tone()).isEqualTo(first.tone());
        assertThat(again.title()).isEqualTo("Croesawyd eisoes");
        assertThat(again.detail()).isEqualTo("Ni wariwyd mwy o oriau");
    }

    @Test
    void declineAndOutOfServiceAskInTheSameWordsUnderDifferentIcons() {
        Screen ask = Screen.of(Cue.plain(Cue.Kind.PLEASE_ASK, "en"), ScreenFixtures.POOL);
        Screen out = Screen.of(Cue.plain(Cue.Kind.OUT_OF_SERVICE, "en"), ScreenFixtures.POOL);
        assertThat(ask.title() + " " + ask.detail()).isEqualTo("Please ask a member of staff");
        assertThat(out.title() + " " + out.detail()).isEqualTo("Please ask a member of staff");
        assertThat(out.icon()).isNotEqualTo(ask.icon());
        assertThat(ask.dwellMillis()).isGreaterThanOrEqualTo(8_000);
        assertThat(out.dwellMillis()).as("stays until another cue").isZero();
    }

    @Test
    void longerTextStaysLonger() {
        Screen hold = Screen.of(Cue.plain(Cue.Kind.HOLD_AGAIN, "en"), ScreenFixtures.POOL);
        Screen again =
                Screen.of(new Cue(Cue.Kind.SHIFT_STARTED, "en", 0, true), ScreenFixtures.POOL);
        assertThat(hold.dwellMillis()).isEqualTo(8_000);
        assertThat(again.dwellMillis()).as("1 s and 0.6 s for 7 words").isEqualTo(5_200);
    }

    @Test
    void theRestingScreenSaysWhereOneIsInTheVenuesLanguages() {
        Screen english = Screen.of(Cue.plain(Cue.Kind.READY, "cy"), ScreenFixtures.POOL);
        assertThat(english.lang()).as("the venue's language, not the card's").isEqualTo("en");
        assertThat(english.detail()).isEqualTo("Riverside Pool · Swim, 1 hour");
        assertThat(english.also()).isNull();
        Screen both = Screen.of(Cue.plain(Cue.Kind.READY, "en"), ScreenFixtures.BILINGUAL_POOL);
        assertThat(both.lang()).isEqualTo("cy");
        assertThat(both.title()).isEqualTo("Daliwch eich cerdyn yma");
        assertThat(both.also()).isEqualTo(new Screen.Line("en", "Hold your card here"));
    }

    @Test
    void aLanguageWithoutWordsIsEnglishAndSaysSo() {
        Screen screen = Screen.of(Cue.plain(Cue.Kind.PLEASE_ASK, "pl"), ScreenFixtures.POOL);
        assertThat(screen.lang()).isEqualTo("en");
        assertThat(screen.title()).isEqualTo("Please ask");
    }

    @ParameterizedTest
    @EnumSource(Cue.Kind.class)
    void everyStateHasWordsInEveryLanguage(Cue.Kind kind) {
        Set<String> titles = new HashSet<>();
        for (String language : Wording.LANGUAGES) {
            Place place = new Place("", "", List.of(language));
            titles.add(Screen.of(Cue.plain(kind, language), place).title());
        }
        assertThat(titles).hasSameSizeAs(Wording.LANGUAGES).allMatch(title -> !title.isBlank());
    }

    @Test
    void aLongNameIsCutAndAnEmptyOneLeavesNoDot() {
        String name = "The Millennium Memorial Swimming Baths of Upper Teifi";
        Place place = new Place(name, "", List.of("en"));
        assertThat(place.line()).isEqualTo("The Millennium Memorial Swimmin…");
        assertThat(new Place("", "Lunch", List.of("en")).line()).isEqualTo("Lunch");
        assertThatThrownBy(() -> new Place("", "", List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static List<String> placeholders(String text) {
        return PLACEHOLDER.matcher(text).results().map(MatchResult::group).sorted().toList();
    }

    private static int words(String text) {
        return text.isBlank() ? 0 : text.strip().split("\\s+").length;
    }
}
