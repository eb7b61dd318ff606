package org.hourtap.simulator.demo;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.LocatorAssertions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The bench page in a real browser, against a real deployment.
@Timeout(300)
class BenchPageTest {
    private static final LocatorAssertions.ContainsTextOptions PATIENTLY =
            new LocatorAssertions.ContainsTextOptions().setTimeout(20_000);

    @TempDir private Path folder;

    @Test
    void aCuriousPersonHoldsACardPullsAPlugAndKillsAProgram() throws Exception {
        try (Deployment deployment = Deployment.start(folder, "in-process", 3, _ -> {});
                BenchPage bench = BenchPage.open(0, deployment);
                Playwright playwright =
                        Playwright.create(
                                new Playwright.CreateOptions()
                                        .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
                Browser browser = playwright.chromium().launch(chromium())) {
            bench.addPeople();
            Page page = browser.newPage(new Browser.NewPageOptions().setViewportSize(1280, 800));
            page.navigate(bench.address().toString());
            play(page);
            page.screenshot(
                    new Page.ScreenshotOptions()
                            .setPath(Path.of("target/screens/bench-1280x800.png")));
            assertThat(violations(page)).isEmpty();
        }
    }

    private static void play(Page page) {
        Locator pool = place(page, "Barry Pool");
        Locator theatre = place(page, "Paget Rooms");
        assertThat(pool).containsText("reached", PATIENTLY);
        page.getByLabel("Priya").check();
        hold(pool);
        assertThat(pool).containsText("1 / 1", PATIENTLY);
        assertThat(page.locator("#journal tr").first()).containsText("spend", PATIENTLY);

        press(theatre, "Pull network plug");
        assertThat(theatre).containsText("not reached", PATIENTLY);
        hold(theatre);
        assertThat(page.locator("#said")).containsText("Priya at Paget Rooms", PATIENTLY);
        press(theatre, "Kill it");
        assertThat(theatre).containsText("switched off", PATIENTLY);
        press(theatre, "Start it");
        press(theatre, "Plug network in");
        assertThat(theatre).containsText("1 / 1", PATIENTLY);
        assertThat(page.locator("#hub")).containsText("sum 0");
    }

    private static Locator place(Page page, String venue) {
        return page.locator(".place", new Page.LocatorOptions().setHasText(venue));
    }

    private static void hold(Locator place) {
        press(place, "Hold the card here");
    }

    private static void press(Locator place, String name) {
        place.getByText(name, new Locator.GetByTextOptions().setExact(true)).click();
    }

    private static List<String> violations(Page page) {
        return new AxeBuilder(page)
                        .withTags(
                                List.of(
                                        "wcag2a",
                                        "wcag2aa",
                                        "wcag21aa",
                                        "wcag22aa",
                                        "best-practice"))
                        .analyze()
                        .getViolations()
                        .stream()
                        .map(Rule::getHelp)
                        .toList();
    }

    private static BrowserType.LaunchOptions chromium() {
        return new BrowserType.LaunchOptions()
                .setExecutablePath(Path.of("/usr/bin/chromium"))
                .setHeadless(true)
                .setArgs(
                        List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-dev-shm-usage",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--no-first-run",
                                "--disable-sync"));
    }
}
