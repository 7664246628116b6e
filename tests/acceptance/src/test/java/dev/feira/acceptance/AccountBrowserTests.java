package dev.feira.acceptance;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** An account from its registration to its erasure, in a real browser, with the mail that it gets. */
@AcceptanceTest
class AccountBrowserTests {

    private static final LocatorAssertions.IsVisibleOptions VISIBLE_SOON =
            new LocatorAssertions.IsVisibleOptions().setTimeout(30_000);
    private static final LocatorAssertions.HasCountOptions COUNT_SOON =
            new LocatorAssertions.HasCountOptions().setTimeout(30_000);
    private static final Pattern LINK = Pattern.compile("https?://\\S+token=\\S+");
    private static final String NEW_PASSWORD = "quieter stalls, better bread 8";

    @Test
    void followsAnAccountFromRegistrationToErasure() throws IOException {
        var email = "life." + TestPlatform.unique().toLowerCase(Locale.ROOT) + "@feira.example";
        try (var browser = Browser.desktop()) {
            var page = browser.page();
            browser.signUp(email);
            browser.signIn(email, TestUser.PASSWORD);
            browser.open("/account");
            assertThat(page.getByText(browser.text("email-address.unverified"), exactly()))
                    .isVisible(VISIBLE_SOON);

            page.navigate(linkOf(email, "WELCOME"));
            browser.takeScreenshot("verification");
            press(page, "Yes, this is my address");
            assertThat(page.getByText("Your address is confirmed").first()).isVisible(VISIBLE_SOON);
            browser.open("/account");
            assertThat(page.getByText(browser.text("email-address.verified"), exactly()))
                    .isVisible(VISIBLE_SOON);
            browser.takeScreenshot("account-verified");

            readsConfirmationOfOrder(browser, email);
            resetsThePassword(browser, email);
            endsAnotherSignIn(browser, email);

            var data = new String(Files.readAllBytes(
                    page.waitForDownload(() -> browser.button("export.button").click())
                            .path()));
            assertThat(data)
                    .contains(email, "\"ORDER_CONFIRMED\"", "\"PASSWORD_RESET\"")
                    .doesNotContain("token=");

            browser.button("account-deletion.button").click();
            browser.field("field.currentPassword").fill(NEW_PASSWORD);
            browser.takeScreenshot("account-deletion");
            browser.button("account-deletion.confirm").click();
            assertThat(browser.link("nav.sign-in")).isVisible(VISIBLE_SOON);
            browser.assertNoPageErrors();
        }
        await("the mail to the account is erased")
                .atMost(TestPlatform.COMPLETION_DEADLINE)
                .until(() -> !TestUser.admin()
                        .get("/api/mails?limit=100")
                        .expect(200)
                        .text()
                        .contains(email));
    }

    private static Page.GetByTextOptions exactly() {
        return new Page.GetByTextOptions().setExact(true);
    }

    private static void press(Page page, String button) {
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(button))
                .click();
    }

    /** Returns the link in the newest mail of a kind to an address. */
    private static String linkOf(String email, String kind) {
        var id = Objects.requireNonNull(await("mail " + kind + " to " + email)
                .atMost(TestPlatform.COMPLETION_DEADLINE)
                .until(
                        () -> TestUser.admin()
                                .get("/api/mails?limit=100")
                                .expect(200)
                                .json()
                                .at("/items")
                                .valueStream()
                                .filter(mail -> mail.at("/to").asString("").equals(email)
                                        && mail.at("/kind").asString().equals(kind))
                                .map(mail -> mail.at("/id").asString())
                                .findFirst()
                                .orElse(null),
                        Objects::nonNull));
        var text = Objects.requireNonNull(
                TestUser.admin().get("/api/mails/" + id).expect(200).at("/text"));
        var link = LINK.matcher(text);
        assertThat(link.find()).as(text).isTrue();
        return link.group();
    }

    /** Orders, then reads the mail about it on the staff's page. */
    private static void readsConfirmationOfOrder(Browser browser, String email) {
        var page = browser.page();
        var sku = Products.createWithStock(1);
        browser.open("/products/" + sku);
        browser.button("product.add").click();
        browser.open("/checkout");
        assertThat(browser.heading("checkout.title")).isVisible(VISIBLE_SOON);
        browser.field("field.street").fill("Rua das Flores 7");
        browser.field("field.postalCode").fill("1200-192");
        browser.field("field.city").fill("Lisboa");
        browser.field("field.cardNumber").fill("4242 4242 4242 4242");
        browser.field("field.expiry").fill("12/40");
        browser.field("field.cvc").fill("123");
        browser.button("checkout.place").click();
        assertThat(page.locator(".order-status[data-status=CONFIRMED]")).isVisible(VISIBLE_SOON);
        try (var staff = Browser.desktop()) {
            staff.open("/sign-in");
            staff.button("sign-in.button").click();
            staff.signIn("sofia@feira.example", TestPlatform.demoPassword());
            var mail =
                    staff.page().locator("li.mail[data-kind=ORDER_CONFIRMED]").getByText(email);
            await("the mail on the page")
                    .atMost(TestPlatform.COMPLETION_DEADLINE)
                    .until(() -> {
                        staff.open("/staff/mail");
                        staff.page().locator("li.mail").first().waitFor();
                        return mail.count() == 1;
                    });
            var row = staff.page()
                    .locator("li.mail[data-kind=ORDER_CONFIRMED]")
                    .filter(new com.microsoft.playwright.Locator.FilterOptions().setHasText(email));
            row.getByText(staff.text("mail.open")).click();
            assertThat(row.locator(".mail-text")).containsText("Thank you for your order");
            staff.takeScreenshot("mail");
            var html = staff.page()
                    .waitForPopup(
                            () -> row.getByText(staff.text("mail.as-html")).click());
            assertThat(html.getByText("Thank you for your order")).isVisible(VISIBLE_SOON);
            if (!System.getProperty("feira.screenshots", "").isBlank()) {
                html.screenshot(new Page.ScreenshotOptions()
                        .setPath(java.nio.file.Path.of(System.getProperty("feira.screenshots"), "mail-html.png")));
            }
            staff.assertNoPageErrors();
        }
    }

    /** Opens the account and waits for all of its parts: a response after a sign-out would be 401, an error in the console. */
    private static void openAccount(Browser browser) {
        browser.page().waitForResponse("**/api/users/me/addresses", () -> browser.open("/account"));
        assertThat(browser.page().locator("feira-sign-ins li").first()).isVisible(VISIBLE_SOON);
    }

    private static void resetsThePassword(Browser browser, String email) {
        var page = browser.page();
        openAccount(browser);
        browser.button("account.sign-out").click();
        assertThat(browser.link("nav.sign-in")).isVisible(VISIBLE_SOON);
        browser.open("/sign-in");
        browser.button("sign-in.button").click();
        page.getByText("Forgot your password?").click();
        page.getByLabel("E-mail address").fill(email);
        press(page, "Send me a link");
        assertThat(page.getByText("Look into your mail").first()).isVisible(VISIBLE_SOON);
        page.navigate(linkOf(email, "PASSWORD_RESET"));
        page.getByLabel("New password").fill(NEW_PASSWORD);
        browser.takeScreenshot("password-reset");
        press(page, "Save the password");
        assertThat(page.getByText("Your password is changed").first()).isVisible(VISIBLE_SOON);
        browser.open("/sign-in");
        browser.button("sign-in.button").click();
        browser.signIn(email, NEW_PASSWORD);
    }

    private static void endsAnotherSignIn(Browser browser, String email) {
        try (var other = Browser.phone("en")) {
            other.open("/sign-in");
            other.button("sign-in.button").click();
            other.signIn(email, NEW_PASSWORD);
        }
        var page = browser.page();
        openAccount(browser);
        assertThat(page.locator("feira-sign-ins li")).hasCount(2, COUNT_SOON);
        page.onceDialog(dialog -> dialog.accept());
        browser.button("sign-ins.end").click();
        page.waitForURL(TestPlatform.url() + "/");
        browser.open("/sign-in");
        browser.button("sign-in.button").click();
        browser.signIn(email, NEW_PASSWORD);
        browser.open("/account");
        assertThat(page.locator("feira-sign-ins li")).hasCount(1, COUNT_SOON);
    }
}
