package org.hourtap.device.screen;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ViewportSize;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// The system's own Chromium, driven by Playwright; one for all tests of a JVM. Needed, not wished
/// for: without it these tests fail and say what to install.
final class Chromium implements AutoCloseable {
    private static final Path EXECUTABLE =
            Path.of(System.getProperty("chromium", "/usr/bin/chromium"));

    private static final List<String> ARGUMENTS =
            List.of(
                    "--no-sandbox", // tests run as root in containers; never so on a terminal
                    "--disable-gpu",
                    "--disable-dev-shm-usage",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-domain-reliability",
                    "--autoplay-policy=no-user-gesture-required", // as in the kiosk
                    "--no-first-run",
                    "--disable-sync");

    /// Everything the law asks for, and what experience adds.
    private static final List<String> AXE_TAGS =
            List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice");

    private static final Path PICTURES = Path.of("target", "screens");

    private final Playwright playwright;
    private final Browser browser;

    Chromium() {
        if (!Files.isExecutable(EXECUTABLE)) {
            throw new IllegalStateException(
                    "These tests need a browser: install the Debian package `chromium`"
                            + " (apt-get install chromium), or run deploy/test, which does it.");
        }
        playwright =
                Playwright.create(
                        new Playwright.CreateOptions()
                                .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser =
                playwright
                        .chromium()
                        .launch(
                                new BrowserType.LaunchOptions()
                                        .setExecutablePath(EXECUTABLE)
                                        .setHeadless(true)
                                        .setArgs(ARGUMENTS));
    }

    /// A page in a context of its own, which the caller closes with `page.context().close()`.
    Page open(URI address, int width, int height) {
        BrowserContext context =
                browser.newContext(
                        new Browser.NewContextOptions()
                                .setViewportSize(new ViewportSize(width, height)));
        Page page = context.newPage();
        page.navigate(address.toString());
        assertThat(page.locator("body")).hasAttribute("data-link", "up");
        return page;
    }

    /// @return what axe finds wrong, in words
    static List<String> axe(Page page) {
        return new AxeBuilder(page)
                .withTags(AXE_TAGS).analyze().getViolations().stream()
                        .map(rule -> rule.getId() + ": " + rule.getHelp() + " " + rule.getNodes())
                        .toList();
    }

    static void picture(Page page, String name) {
        try {
            Files.createDirectories(PICTURES);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + PICTURES, e);
        }
        page.screenshot(new Page.ScreenshotOptions().setPath(PICTURES.resolve(name + ".png")));
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
