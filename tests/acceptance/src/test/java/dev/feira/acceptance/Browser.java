package dev.feira.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.TimeoutError;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.LoadState;
import com.microsoft.playwright.options.ScreenshotAnimations;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Drives the installed Chromium with Playwright and downloads nothing. Collects page errors: console errors, exceptions,
 * violations of the Content Security Policy.
 */
final class Browser implements AutoCloseable {

    /** Milliseconds; sized for CPU contention. */
    private static final double TIMEOUT = 30_000;

    private static final List<String> PATHS = List.of(
            "/usr/bin/chromium",
            "/usr/bin/chromium-browser",
            "/usr/bin/google-chrome",
            "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome");

    private final Playwright playwright;
    private final com.microsoft.playwright.Browser chromium;
    private final BrowserContext context;
    private final List<String> pageErrors = new CopyOnWriteArrayList<>();
    private final JsonNode texts;
    private final Page page;

    private Browser(Path executable, int width, int height, String language) {
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        chromium = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(executable)
                        // neither root nor containers have a sandbox; the tests open only pages of the shop
                        .setArgs(List.of("--no-sandbox", "--disable-dev-shm-usage")));
        context = chromium.newContext(new com.microsoft.playwright.Browser.NewContextOptions()
                .setViewportSize(width, height)
                .setLocale(language.equals("pt") ? "pt-PT" : "en-GB"));
        context.setDefaultTimeout(TIMEOUT);
        context.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                pageErrors.add(message.text() + " (" + message.location() + ")");
            }
        });
        context.onWebError(error -> pageErrors.add(error.error()));
        context.addInitScript("""
                addEventListener('securitypolicyviolation', (event) =>
                    console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`))""");
        page = context.newPage();
        texts = Http.get("/assets/i18n/" + language + ".json").expect(200).json();
    }

    static Browser desktop() {
        return new Browser(executable(), 1280, 900, "en");
    }

    static Browser phone(String language) {
        return new Browser(executable(), 390, 844, language);
    }

    private static Path executable() {
        var found = Stream.concat(Optional.ofNullable(System.getProperty("feira.browser")).stream(), PATHS.stream())
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(
                found.isPresent(),
                "No browser was found: install Chromium (Debian: apt-get install chromium) or set -Dfeira.browser=<program>");
        return found.get();
    }

    Page page() {
        return page;
    }

    /** Returns the page's text with this key. */
    String text(String key) {
        var text = texts.path(key);
        assertThat(text.isString()).as("the text %s", key).isTrue();
        return text.asString();
    }

    void open(String path) {
        page.navigate(TestPlatform.url() + path);
    }

    Locator field(String name) {
        return page.getByLabel(text(name), new Page.GetByLabelOptions().setExact(true));
    }

    /** Finds a button whose label starts with this text, up to its first parameter. */
    Locator button(String name) {
        return role(AriaRole.BUTTON, name);
    }

    Locator link(String name) {
        return role(AriaRole.LINK, name);
    }

    private Locator role(AriaRole role, String name) {
        var beginning = text(name).replaceAll("\\{.*", "").strip();
        return page.getByRole(
                        role,
                        new Page.GetByRoleOptions()
                                .setName(Pattern.compile("^\\s*" + beginning.replaceAll("[^\\p{L}\\p{N} ]", "."))))
                .first();
    }

    Locator heading(String name) {
        return page.getByRole(
                AriaRole.HEADING,
                new Page.GetByRoleOptions().setName(text(name)).setLevel(1));
    }

    /** Registers on the sign-up page, and goes on to the login page. */
    void signUp(String email) {
        open("/sign-up");
        field("field.your-name").fill("Rita Anyone");
        field("field.email").fill(email);
        field("field.password").fill(TestUser.PASSWORD);
        button("sign-up.button").click();
        heading("sign-up.done").waitFor();
        button("sign-in.button").click();
    }

    /** Fills in the login page of user-service, which redirects to the shop. */
    void signIn(String email, String password) {
        page.getByLabel("E-mail address").fill(email);
        page.getByLabel("Password").fill(password);
        takeScreenshot("sign-in");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Sign in"))
                .click();
        page.waitForURL(
                url -> url.startsWith(TestPlatform.url() + "/") && !url.contains("/id/") && !url.contains("/login"));
        link("nav.account").waitFor();
    }

    /** Saves a screenshot to the folder {@code -Dfeira.screenshots}, where it is set. */
    void takeScreenshot(String name) {
        var folder = System.getProperty("feira.screenshots", "");
        if (!folder.isBlank()) {
            try {
                page.waitForLoadState(LoadState.NETWORKIDLE, new Page.WaitForLoadStateOptions().setTimeout(3000));
            } catch (TimeoutError e) {
                // a page that polls is never idle; its images are loaded by now
            }
            page.screenshot(new Page.ScreenshotOptions()
                    .setPath(Path.of(folder).resolve(name + ".png"))
                    .setAnimations(ScreenshotAnimations.DISABLED));
        }
    }

    void assertNoPageErrors() {
        assertThat(pageErrors)
                .as("errors in the console, exceptions, policy violations")
                .isEmpty();
    }

    @Override
    public void close() {
        context.close();
        chromium.close();
        playwright.close();
    }
}
