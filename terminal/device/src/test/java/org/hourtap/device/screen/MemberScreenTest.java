package org.hourtap.device.screen;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.hourtap.tap.Cue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The member screen, as a browser shows it.
@ExtendWith(ChromiumExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class MemberScreenTest {
    /// Capital H at 0.7 degrees from a metre, on a 7-inch panel of 800 by 480 in DejaVu Sans.
    private static final double TITLE_PIXELS_MIN = 87;

    /// The same from 60 cm: where two languages share the panel, or the panel is small.
    private static final double TITLE_PIXELS_NEAR_MIN = 52;

    private static final double RECONNECT_MILLIS = 15_000;

    /// Text that leaves the panel, is cut off, or runs into a lamp.
    private static final String MISFITS =
            """
            () => {
              const misfits = [];
              const frame = document.querySelector("main").getBoundingClientRect();
              const edge = parseFloat(getComputedStyle(document.querySelector("main")).borderTopWidth);
              const lamps = [...document.querySelectorAll("#lamps svg")]
                  .map(l => l.getBoundingClientRect()).filter(l => l.width > 0);
              const range = document.createRange();
              for (const id of ["title", "also", "detail", "picture"]) {
                const node = document.getElementById(id);
                range.selectNodeContents(node);
                const rects = id === "picture" ? [node.getBoundingClientRect()] : range.getClientRects();
                for (const r of rects) {
                  if (r.left < frame.left + edge || r.right > frame.right - edge
                      || r.top < frame.top + edge || r.bottom > frame.bottom - edge) {
                    misfits.push(id + " leaves the panel: " + JSON.stringify(r));
                  }
                  if (lamps.some(l => r.left < l.right && l.left < r.right
                      && r.top < l.bottom && l.top < r.bottom)) {
                    misfits.push(id + " runs into a lamp: " + JSON.stringify(r));
                  }
                }
              }
              const e = document.documentElement;
              if (e.scrollHeight > innerHeight || e.scrollWidth > innerWidth) {
                misfits.push("the page scrolls");
              }
              return misfits;
            }
            """;

    private final AtomicLong micros = new AtomicLong();
    private final AtomicReference<Place> place = new AtomicReference<>(ScreenFixtures.POOL);
    private final List<String> complaints = new ArrayList<>();
    private final Page page;
    private ScreenServer server;

    MemberScreenTest(Chromium chromium) throws IOException {
        server = open(0);
        page = chromium.open(server.address(), 800, 480);
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") && !message.text().contains("ERR_")) {
                complaints.add(message.text());
            }
        });
        page.onPageError(complaints::add);
    }

    @BeforeEach
    void rest() {
        page.setViewportSize(800, 480);
        place.set(ScreenFixtures.POOL);
        show(Cue.plain(Cue.Kind.READY, "en"));
    }

    @AfterAll
    void close() {
        page.context().close();
        server.close();
        assertThat(complaints).as("what the browser complained about").isEmpty();
    }

    @Test
    void aCueIsDrawnWithWordPictureColourAndLanguage() {
        show(new Cue(Cue.Kind.WELCOME, "cy", 90, false));
        assertThat(page.locator("h1")).hasText("Croeso");
        assertThat(page.locator("#detail")).hasText("1 awr 30 munud");
        assertThat(page.locator("html")).hasAttribute("lang", "cy");
        assertThat(page.locator("body")).hasAttribute("data-tone", "OK");
        assertThat(page.locator("#panel")).hasAttribute("aria-live", "assertive");
        assertThat(page.locator("#shape").getAttribute("d")).isNotEmpty();
    }

    @Test
    void aNewVenueNameShowsByItself() {
        place.set(new Place("Theatr y Glannau", "Play", List.of("en")));
        assertThat(page.locator("#detail")).hasText("Theatr y Glannau · Play");
    }

    @Test
    void twoLanguagesShareTheRestingScreenAtEqualSizeAndEachUnderItsOwnName() {
        place.set(ScreenFixtures.BILINGUAL_POOL);
        assertThat(page.locator("#title")).hasText("Daliwch eich cerdyn yma");
        assertThat(page.locator("#also")).hasText("Hold your card here");
        assertThat(page.locator("#also")).hasAttribute("lang", "en");
        assertThat(page.locator("html")).hasAttribute("lang", "cy");
        assertThat(fontSize("#also")).isEqualTo(fontSize("#title"));
        assertThat(fontSize("#title")).isGreaterThanOrEqualTo(TITLE_PIXELS_NEAR_MIN);
    }

    @Test
    void aTitleIsTextWhateverItHolds() {
        place.set(new Place("<img src=x onerror=alert(1)>", "", List.of("en")));
        assertThat(page.locator("#detail")).hasText("<img src=x onerror=alert(1)>");
        assertThat(page.locator("#detail img").count()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"800, 480", "480, 320", "1280, 800", "480, 800", "1024, 600"})
    void nothingIsCutOffOnAnyPanel(int width, int height) {
        page.setViewportSize(width, height);
        for (String language : Wording.LANGUAGES) {
            for (Cue cue : ScreenFixtures.cues(language)) {
                show(cue);
                assertFits(cue + " at " + width + "x" + height);
            }
        }
        String name = "Canolfan Hamdden a Llesiant Rhydaman 2";
        for (List<String> languages : List.of(List.of("en"), List.of("cy", "en"))) {
            place.set(new Place(name, name, languages));
            show(Cue.plain(Cue.Kind.READY, "en"));
            assertFits("long names in " + languages + " at " + width + "x" + height);
        }
    }

    @Test
    void titlesAreLargeEnoughFromWhereOneStands() {
        for (String language : Wording.LANGUAGES) {
            for (Cue cue : ScreenFixtures.cues(language)) {
                show(cue);
                assertThat(fontSize("h1")).as("%s", cue).isGreaterThanOrEqualTo(TITLE_PIXELS_MIN);
            }
        }
        page.setViewportSize(1280, 800);
        assertThat(fontSize("h1")).isGreaterThanOrEqualTo(TITLE_PIXELS_MIN * 1.5);
        page.setViewportSize(480, 320);
        assertThat(fontSize("h1")).isGreaterThanOrEqualTo(TITLE_PIXELS_NEAR_MIN);
    }

    @ParameterizedTest
    @EnumSource(Cue.Kind.class)
    void everyStateHasContrast(Cue.Kind kind) {
        show(Cue.plain(kind, "en"));
        String ground = style("body", "backgroundColor");
        assertThat(Colours.contrast(style("h1", "color"), ground)).isGreaterThanOrEqualTo(7);
        assertThat(Colours.contrast(style("#detail", "color"), ground)).isGreaterThanOrEqualTo(4.5);
        assertThat(Colours.contrast(style("#shape", "stroke"), ground)).isGreaterThanOrEqualTo(3);
    }

    @Test
    void welcomeAndAskDifferForPeopleWhoSeeNoHues() {
        show(new Cue(Cue.Kind.WELCOME, "en", 60, false));
        String welcome = style("body", "backgroundColor");
        String welcomeEdge = style("main", "borderTopColor");
        String welcomeShape = page.locator("#shape").getAttribute("d");
        show(Cue.plain(Cue.Kind.PLEASE_ASK, "en"));
        String ask = style("body", "backgroundColor");
        assertThat(Colours.lightnessGap(welcome, ask)).isGreaterThanOrEqualTo(40);
        assertThat(Colours.lightnessGap("rgb(46, 125, 50)", "rgb(198, 40, 40)"))
                .as("traffic lights, which this is not")
                .isLessThan(20);
        assertThat(page.locator("#shape").getAttribute("d")).isNotEqualTo(welcomeShape);
        assertThat(welcomeEdge).as("no edge").isEqualTo("rgba(0, 0, 0, 0)");
        assertThat(Colours.contrast(style("main", "borderTopColor"), ask)).isGreaterThan(4.5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "cy"})
    void axeFindsNothing(String language) {
        for (Cue.Kind kind : Cue.Kind.values()) {
            place.set(new Place("Riverside Pool", "Swim", List.of(language)));
            show(Cue.plain(kind, language));
            assertThat(Chromium.axe(page)).as("%s in %s", kind, language).isEmpty();
        }
    }

    @Test
    void theMissingLampsAreDrawnAndLitWithTheCue() {
        show(new Cue(Cue.Kind.WELCOME, "en", 60, false));
        assertThat(page.locator("#ok-lamp")).hasCSS("opacity", "1");
        assertThat(page.locator("#ask-lamp")).hasCSS("opacity", "0.35");
        show(Cue.plain(Cue.Kind.PLEASE_ASK, "en"));
        assertThat(page.locator("#ok-lamp")).hasCSS("opacity", "0.35");
        assertThat(page.locator("#ask-lamp")).hasCSS("opacity", "1");
        double ok = page.locator("#ok-lamp").boundingBox().x;
        double ask = page.locator("#ask-lamp").boundingBox().x;
        assertThat(ask - ok).as("apart, so that the place alone tells").isGreaterThan(400);
    }

    @Test
    void nothingMovesAndNothingNeedsTouching() {
        show(Cue.plain(Cue.Kind.PLEASE_ASK, "en"));
        Object moving =
                page.evaluate(
                        "[...document.querySelectorAll('*')].filter(e => { const s ="
                                + " getComputedStyle(e); return s.animationName !== 'none' ||"
                                + " s.transitionDuration !== '0s'; }).length");
        assertThat(moving).isEqualTo(0);
        assertThat(page.locator("a, button, input, [tabindex]").count()).isZero();
    }

    @Test
    void everyToneSoundsLowEnoughAndEveryIconHasAShape() {
        for (Screen.Icon icon : Screen.Icon.values()) {
            assertThat((String) page.evaluate("i => SHAPES[i]", icon.name())).isNotBlank();
        }
        for (Screen.Tone tone : Screen.Tone.values()) {
            assertThat((Boolean) page.evaluate("t => Array.isArray(TONES[t])", tone.name()))
                    .isTrue();
            assertThat(
                            (Boolean)
                                    page.evaluate(
                                            "t => TONES[t].every(n => n[0] >= 300 && n[0] <= 1000)",
                                            tone.name()))
                    .isTrue();
        }
        Object different = page.evaluate("new Set(Object.values(TONES).map(t => t + '')).size");
        assertThat(different).isEqualTo(Screen.Tone.values().length);
    }

    @Test
    void thePageSaysWaitWhileTheTerminalIsGoneAndComesBackByItself() throws IOException {
        show(new Cue(Cue.Kind.WELCOME, "en", 60, false));
        int port = server.port();
        server.close();
        assertThat(page.locator("#title")).hasText("Please wait");
        assertThat(page.locator("#also")).hasText("Arhoswch");
        assertThat(page.locator("#also")).hasAttribute("lang", "cy");
        assertFits("waiting");
        assertThat(Chromium.axe(page)).isEmpty();
        Chromium.picture(page, "800x480-waiting");
        server = open(port);
        assertThat(page.locator("#title"))
                .hasText(
                        "Hold your card here",
                        new LocatorAssertions.HasTextOptions().setTimeout(RECONNECT_MILLIS));
        show(new Cue(Cue.Kind.WELCOME, "en", 60, false));
    }

    @ParameterizedTest
    @CsvSource({"800, 480", "1280, 800"})
    void picturesForTheDocuments(int width, int height) {
        page.setViewportSize(width, height);
        for (String language : Wording.LANGUAGES) {
            Stream<Cue> main =
                    Stream.concat(
                            Stream.of(Cue.Kind.values()).map(k -> Cue.plain(k, language)),
                            Stream.of(
                                    new Cue(Cue.Kind.WELCOME, language, 60, true),
                                    new Cue(Cue.Kind.WELCOME, language, 60, false)));
            place.set(language.equals("cy") ? ScreenFixtures.BILINGUAL_POOL : ScreenFixtures.POOL);
            main.forEach(cue -> {
                show(cue);
                String state = cue.kind() + (cue.again() ? "_AGAIN" : "");
                Chromium.picture(page, width + "x" + height + "-" + language + "-" + state);
            });
        }
    }

    private ScreenServer open(int port) throws IOException {
        ScreenServer opened =
                ScreenServer.open(
                        port, true, place::get, () -> ScreenFixtures.QUIET_DAY, micros::get);
        opened.show(Cue.plain(Cue.Kind.READY, "en"));
        return opened;
    }

    /// Shows a cue and waits until the page has drawn it.
    private void show(Cue cue) {
        if (cue.kind() == Cue.Kind.READY) {
            server.show(Cue.plain(Cue.Kind.OUT_OF_SERVICE, "en")); // ends a running dwell
        }
        server.show(cue);
        Screen screen = Screen.of(cue, place.get());
        page.waitForFunction(
                "s => document.body.dataset.state === s[0]"
                        + " && document.getElementById('title').textContent === s[1]"
                        + " && document.getElementById('detail').textContent === s[2]",
                List.of(screen.state().name(), screen.title(), screen.detail()));
    }

    private void assertFits(String what) {
        assertThat((List<?>) page.evaluate(MISFITS)).as(what).isEmpty();
    }

    private double fontSize(String selector) {
        return Double.parseDouble(style(selector, "fontSize").replace("px", ""));
    }

    private String style(String selector, String property) {
        return (String)
                page.evaluate(
                        "a => getComputedStyle(document.querySelector(a[0]))[a[1]]",
                        List.of(selector, property));
    }
}
