package dev.feira.acceptance;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Uses the shop in a real browser, by its visible labels. */
@AcceptanceTest
class BrowserTests {

    private static final LocatorAssertions.IsVisibleOptions VISIBLE_SOON =
            new LocatorAssertions.IsVisibleOptions().setTimeout(30_000);

    private static final LocatorAssertions.HasCountOptions COUNT_SOON =
            new LocatorAssertions.HasCountOptions().setTimeout(30_000);

    @Test
    void confirmsOrderOfANewCustomerInTheBrowser() {
        var email = "browser." + TestPlatform.unique().toLowerCase(Locale.ROOT) + "@feira.example";
        try (var browser = Browser.desktop()) {
            Http.get("/api/products?q=strawbery&lang=en").expect(200).items("/sku").stream()
                    .limit(1)
                    .forEach(sku -> Products.addStock(sku, 1)); // the platform may be reused
            var page = browser.page();
            browser.open("/");
            assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1)))
                    .isVisible(VISIBLE_SOON);
            assertThat(page.locator(".product-card[data-sku]").first()).isVisible(VISIBLE_SOON);
            browser.takeScreenshot("home");

            signUp(browser, email);
            signIn(browser, email, TestUser.PASSWORD);

            page.getByLabel(browser.text("search.label")).fill("strawbery");
            var found = page.getByRole(
                            AriaRole.LINK,
                            new Page.GetByRoleOptions().setName(Pattern.compile("strawberr", Pattern.CASE_INSENSITIVE)))
                    .first();
            assertThat(found).isVisible(VISIBLE_SOON);
            browser.takeScreenshot("search");
            found.click();
            assertThat(page.getByRole(
                            AriaRole.HEADING,
                            new Page.GetByRoleOptions()
                                    .setName(Pattern.compile("strawberr", Pattern.CASE_INSENSITIVE))
                                    .setLevel(1)))
                    .isVisible(VISIBLE_SOON);
            browser.takeScreenshot("product");
            browser.button("product.add").click();

            browser.open("/cart");
            assertThat(browser.heading("cart.title")).isVisible(VISIBLE_SOON);
            browser.takeScreenshot("cart");
            browser.link("cart.checkout").click();
            assertThat(browser.heading("checkout.title")).isVisible(VISIBLE_SOON);
            browser.field("field.street").fill("Rua das Flores 7");
            browser.field("field.postalCode").fill("1200-192");
            browser.field("field.city").fill("Lisboa");
            browser.field("field.cardNumber").fill("4242 4242 4242 4242");
            browser.field("field.expiry").fill("12/40");
            browser.field("field.cvc").fill("123");
            browser.takeScreenshot("checkout");
            browser.button("checkout.place").click();

            assertThat(page.locator(".order-status[data-status=CONFIRMED]")).isVisible(VISIBLE_SOON);
            assertThat(page.locator(".order-status")).hasText(browser.text("status.CONFIRMED.now"));
            browser.takeScreenshot("order");
            browser.open("/orders");
            assertThat(browser.heading("orders.title")).isVisible(VISIBLE_SOON);
            assertThat(page.getByText(browser.text("status.CONFIRMED")).first()).isVisible(VISIBLE_SOON);
            browser.takeScreenshot("orders");
            browser.open("/account");
            assertThat(page.getByText(email).first()).isVisible(VISIBLE_SOON);
            browser.takeScreenshot("account");
            browser.assertNoPageErrors();
        }
    }

    @Test
    void fitsAPhoneInPortuguese() {
        try (var browser = Browser.phone("pt")) {
            var page = browser.page();
            browser.open("/");
            assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1)))
                    .hasText(browser.text("home.title"), new LocatorAssertions.HasTextOptions().setTimeout(30_000));
            assertThat(page.locator(".product-card[data-sku]").first()).isVisible(VISIBLE_SOON);
            browser.takeScreenshot("phone-home");
            var overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
            assertEquals(0, (int) overflow, "pixels to scroll sideways");

            page.getByLabel(browser.text("search.label")).fill("morangos");
            assertThat(page.getByRole(
                                    AriaRole.LINK,
                                    new Page.GetByRoleOptions()
                                            .setName(Pattern.compile("morango", Pattern.CASE_INSENSITIVE)))
                            .first())
                    .isVisible(VISIBLE_SOON);
            browser.takeScreenshot("phone-search");
            browser.assertNoPageErrors();
        }
    }

    @Test
    void showsOrdersAndPlatformToStaff() {
        try (var browser = Browser.desktop()) {
            var page = browser.page();
            browser.open("/sign-in");
            browser.button("sign-in.button").click();
            signIn(browser, "sofia@feira.example", TestPlatform.demoPassword());

            browser.open("/staff/orders");
            assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1)))
                    .isVisible(VISIBLE_SOON);
            browser.takeScreenshot("staff-orders");
            browser.open("/staff/platform");
            assertThat(page.getByText("order-service").first()).isVisible(VISIBLE_SOON);
            assertThat(page.getByText(browser.text("platform.balanced"))).hasCount(3, COUNT_SOON);
            browser.takeScreenshot("staff-platform");
            browser.open("/api-docs");
            assertThat(page.locator(".swagger-ui .opblock").first()).isVisible(VISIBLE_SOON);
            browser.takeScreenshot("api-docs");
            browser.assertNoPageErrors();
        }
    }

    @Test
    void leadsLinksOfEarlierVersionsToThePathsOfPages() {
        try (var browser = Browser.desktop()) {
            var page = browser.page();
            browser.open("/#/products/FRU-LEMON");
            page.waitForURL(TestPlatform.url() + "/products/FRU-LEMON");
            assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1)))
                    .isVisible(VISIBLE_SOON);

            page.reload();
            assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1)))
                    .isVisible(VISIBLE_SOON);
            browser.link("nav.browse").click();
            page.waitForURL(TestPlatform.url() + "/browse");
            page.goBack();
            page.waitForURL(TestPlatform.url() + "/products/FRU-LEMON");
            browser.assertNoPageErrors();
        }
    }

    @Test
    void asksForThePasswordAfterSigningOut() {
        var email = "browser." + TestPlatform.unique().toLowerCase(Locale.ROOT) + "@feira.example";
        try (var browser = Browser.desktop()) {
            signUp(browser, email);
            signIn(browser, email, TestUser.PASSWORD);

            browser.open("/products/FRU-LEMON");
            browser.button("product.add").click();
            // requests of the page after the sign-out would return 401
            browser.page().waitForResponse("**/api/users/me/addresses", () -> browser.open("/account"));
            browser.button("account.sign-out").click();
            browser.page().waitForURL(TestPlatform.url() + "/");
            assertThat(browser.link("nav.sign-in")).isVisible(VISIBLE_SOON);
            assertEquals(
                    "[]", browser.page().evaluate("localStorage.getItem('feira.cart')"), "the cart of the last person");

            browser.open("/sign-in");
            browser.button("sign-in.button").click();
            signIn(browser, email, TestUser.PASSWORD);
            browser.open("/account");
            assertThat(browser.page().getByText(email).first()).isVisible(VISIBLE_SOON);
            browser.assertNoPageErrors();
        }
    }

    private static void signUp(Browser browser, String email) {
        browser.open("/sign-up");
        browser.field("field.your-name").fill("Rita Anyone");
        browser.field("field.email").fill(email);
        browser.field("field.password").fill(TestUser.PASSWORD);
        browser.button("sign-up.button").click();
        assertThat(browser.heading("sign-up.done")).isVisible(VISIBLE_SOON);
        browser.button("sign-in.button").click();
    }

    /** Fills in the login page of user-service, which redirects to the shop. */
    private static void signIn(Browser browser, String email, String password) {
        var page = browser.page();
        page.getByLabel("E-mail address").fill(email);
        page.getByLabel("Password").fill(password);
        browser.takeScreenshot("sign-in");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Sign in"))
                .click();
        page.waitForURL(
                url -> url.startsWith(TestPlatform.url() + "/") && !url.contains("/id/") && !url.contains("/login"));
        assertThat(page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName(browser.text("nav.account")))
                        .first())
                .isVisible(VISIBLE_SOON);
    }
}
