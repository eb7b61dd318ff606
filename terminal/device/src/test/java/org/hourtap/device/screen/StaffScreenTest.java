package org.hourtap.device.screen;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.hourtap.device.CapturedLog;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The staff page, as a browser shows it.
@ExtendWith(ChromiumExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class StaffScreenTest {
    private final AtomicReference<Supplier<StaffView>> view =
            new AtomicReference<>(() -> ScreenFixtures.QUIET_DAY);
    private final ScreenServer server;
    private final Page page;

    StaffScreenTest(Chromium chromium) throws IOException {
        server =
                ScreenServer.open(
                        0, false, () -> ScreenFixtures.POOL, () -> view.get().get(), () -> 0);
        page = chromium.open(URI.create(server.address() + "staff"), 800, 480);
    }

    @BeforeEach
    void busyDay() {
        page.setViewportSize(800, 480);
        view.set(() -> ScreenFixtures.BUSY_DAY);
        assertThat(page.locator("#link")).containsText("since 10:42");
        page.locator("button[data-filter=all]").click();
        assertThat(page.locator("#rows tr")).hasCount(8);
    }

    @AfterAll
    void close() {
        page.context().close();
        server.close();
    }

    @Test
    void everyTapIsListedWithItsReasonAndWhereItIs() {
        assertThat(page.locator("#venue")).hasText("Riverside Pool");
        assertThat(page.locator("#rows tr").first()).hasText("10:587F3AWelcomed1 hourwaiting");
        assertThat(page.locator("#rows tr.declined").first())
                .containsText("Not enough hours on the account, as far as this terminal knows.");
        assertThat(page.locator("#rows tr").last()).containsText("Shift started");
        assertThat(page.locator("#rows tr").last()).containsText("at the hub");
        assertThat(page.locator("body")).not().containsText("card_");
    }

    @Test
    void linkBacklogAndTroublesAreSentences() {
        assertThat(page.locator("#link"))
                .hasText(
                        "The hub cannot be reached since 10:42; taps are kept here and sent later.");
        assertThat(page.locator("#waiting"))
                .hasText("3 taps wait to be sent, the oldest since 10:51.");
        assertThat(page.locator("#troubles li"))
                .hasText("The card reader does not answer. Unplug it and plug it in again.");
    }

    @Test
    void aQuietDayIsLiveAndEmpty() {
        view.set(() -> ScreenFixtures.QUIET_DAY);
        assertThat(page.locator("#link")).hasText("The hub answers.");
        assertThat(page.locator("#waiting")).hasText("Every tap is at the hub.");
        assertThat(page.locator("#empty")).hasText("Nobody has tapped here yet today.");
        assertThat(page.locator("#taps")).isHidden();
        assertThat(page.locator("#troubles")).isHidden();
        assertThat(Chromium.axe(page)).isEmpty();
        Chromium.picture(page, "800x480-staff-empty");
    }

    @Test
    void theKeyboardIsEnough() {
        page.reload();
        page.keyboard().press("Tab");
        assertThat(page.locator("nav a")).isFocused();
        page.keyboard().press("Tab");
        page.keyboard().press("Tab");
        assertThat(page.locator("button[data-filter=declined]")).isFocused();
        Object outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle");
        assertThat(outline).as("focus is seen").isEqualTo("solid");
        page.keyboard().press("Enter");
        assertThat(page.locator("button[data-filter=declined]"))
                .hasAttribute("aria-pressed", "true");
        assertThat(page.locator("button[data-filter=all]")).hasAttribute("aria-pressed", "false");
        assertThat(page.locator("#rows tr")).hasCount(2);
        page.keyboard().press("Tab");
        page.keyboard().press("Space");
        assertThat(page.locator("#rows tr")).hasCount(3);
    }

    @ParameterizedTest
    @CsvSource({"800, 480, 16", "1280, 800, 16", "800, 480, 32", "1280, 800, 32", "480, 320, 16"})
    void nothingIsCutOffAtAnySizeOrTextSize(int width, int height, int rootPixels) {
        page.setViewportSize(width, height);
        page.evaluate("p => { document.documentElement.style.fontSize = p + 'px'; }", rootPixels);
        Object overflow =
                page.evaluate("document.documentElement.scrollWidth - innerWidth > 0 ? 1 : 0");
        assertThat(overflow).as("scrolls sideways").isEqualTo(0);
        if (width == 800) { // elsewhere it is the same page, and axe takes its time
            assertThat(Chromium.axe(page)).isEmpty();
        }
        String larger = rootPixels == 16 ? "" : "-200-percent";
        Chromium.picture(page, width + "x" + height + "-staff" + larger);
        page.evaluate("document.documentElement.style.fontSize = ''");
    }

    @Test
    void aJournalThatCannotBeReadIsSaidAndNothingElseBreaks() {
        try (CapturedLog log = new CapturedLog(ScreenServer.class)) {
            view.set(() -> {
                throw new IllegalStateException("planted: the journal cannot be read");
            });
            assertThat(page.locator("#troubles li")).containsText("cannot be read");
            page.reload();
            assertThat(page.locator("#troubles li")).containsText("cannot be read");
            assertThat(log.messages()).as("said once").hasSize(1);
        }
    }
}
