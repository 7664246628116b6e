package dev.feira.acceptance;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The shop as people use it: by what they read, in a real browser. */
@AcceptanceTest
class BrowserTests {

    private static final LocatorAssertions.IsVisibleOptions SOON =
            new LocatorAssertions.IsVisibleOptions().setTimeout(30_000);

    private static final LocatorAssertions.HasCountOptions ALL =
            new LocatorAssertions.HasCountOptions().setTimeout(30_000);

    @Test
    void aNewCustomerBuysStrawberries() {
        var email = "browser." + Feira.unique().toLowerCase(Locale.ROOT) + "@feira.example";
        try (var browser = Browser.desktop()) {
            Http.get("/api/products?q=strawbery&lang=en").expect(200).items("/sku").stream()
                    .limit(1) // the one that is found first
                    .forEach(sku -> Market.receive(sku, 1)); // the platform may be a kept one
            var page = browser.page();
            browser.open("/");
            assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1)))
                    .isVisible(SOON);
            assertThat(page.locator(".product-card[data-sku]").first()).isVisible(SOON);
            browser.picture("home");

            signUp(browser, email);
            signIn(browser, email, Person.PASSWORD);

            page.getByLabel(browser.text("search.label")).fill("strawbery");
            var found = page.getByRole(
                            AriaRole.LINK,
                            new Page.GetByRoleOptions().setName(Pattern.compile("strawberr", Pattern.CASE_INSENSITIVE)))
                    .first();
            assertThat(found).isVisible(SOON);
            browser.picture("search");
            found.click();
            assertThat(page.getByRole(
                            AriaRole.HEADING,
                            new Page.GetByRoleOptions()
                                    .setName(Pattern.compile("strawberr", Pattern.CASE_INSENSITIVE))
                                    .setLevel(1)))
                    .isVisible(SOON);
            browser.picture("product");
            browser.button("product.add").click();

            browser.open("/#/cart");
            assertThat(browser.heading("cart.title")).isVisible(SOON);
            browser.picture("cart");
            browser.link("cart.checkout").click();
            assertThat(browser.heading("checkout.title")).isVisible(SOON);
            browser.field("field.street").fill("Rua das Flores 7");
            browser.field("field.postalCode").fill("1200-192");
            browser.field("field.city").fill("Lisboa");
            browser.field("field.cardNumber").fill("4242 4242 4242 4242");
            browser.field("field.expiry").fill("12/40");
            browser.field("field.cvc").fill("123");
            browser.picture("checkout");
            browser.button("checkout.place").click();

            assertThat(page.locator(".order-status[data-status=CONFIRMED]")).isVisible(SOON);
            assertThat(page.locator(".order-status")).hasText(browser.text("status.CONFIRMED.now"));
            browser.picture("order");
            browser.open("/#/orders");
            assertThat(browser.heading("orders.title")).isVisible(SOON);
            assertThat(page.getByText(browser.text("status.CONFIRMED")).first()).isVisible(SOON);
            browser.picture("orders");
            browser.open("/#/account");
            assertThat(page.getByText(email).first()).isVisible(SOON);
            browser.picture("account");
            browser.hasNothingToComplainAbout();
        }
    }

    @Test
    void theShopFitsAPhoneInPortuguese() {
        try (var browser = Browser.phone("pt")) {
            var page = browser.page();
            browser.open("/");
            assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1)))
                    .hasText(browser.text("home.title"), new LocatorAssertions.HasTextOptions().setTimeout(30_000));
            assertThat(page.locator(".product-card[data-sku]").first()).isVisible(SOON);
            browser.picture("phone-home");
            var overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
            assertEquals(0, (int) overflow, "pixels to scroll sideways");

            page.getByLabel(browser.text("search.label")).fill("morangos");
            assertThat(page.getByRole(
                                    AriaRole.LINK,
                                    new Page.GetByRoleOptions()
                                            .setName(Pattern.compile("morango", Pattern.CASE_INSENSITIVE)))
                            .first())
                    .isVisible(SOON);
            browser.picture("phone-search");
            browser.hasNothingToComplainAbout();
        }
    }

    @Test
    void theStaffSeesOrdersAndThePlatform() {
        try (var browser = Browser.desktop()) {
            var page = browser.page();
            browser.open("/#/sign-in");
            browser.button("sign-in.button").click();
            signIn(browser, "sofia@feira.example", Feira.demoPassword());

            browser.open("/#/staff/orders");
            assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1)))
                    .isVisible(SOON);
            browser.picture("staff-orders");
            browser.open("/#/staff/platform");
            assertThat(page.getByText("order-service").first()).isVisible(SOON);
            assertThat(page.getByText(browser.text("platform.balanced"))).hasCount(3, ALL);
            browser.picture("staff-platform");
            browser.open("/api-docs");
            assertThat(page.locator(".swagger-ui .opblock").first()).isVisible(SOON);
            browser.picture("api-docs");
            browser.hasNothingToComplainAbout();
        }
    }

    @Test
    void whoSignsOutIsAskedForThePasswordAgain() {
        var email = "browser." + Feira.unique().toLowerCase(Locale.ROOT) + "@feira.example";
        try (var browser = Browser.desktop()) {
            signUp(browser, email);
            signIn(browser, email, Person.PASSWORD);

            // not while the page still reads: what comes after the sign-out is 401, rightly
            browser.page().waitForResponse("**/api/users/me/addresses", () -> browser.open("/#/account"));
            browser.button("account.sign-out").click();
            browser.page().waitForURL(Feira.url() + "/");
            assertThat(browser.link("nav.sign-in")).isVisible(SOON);

            browser.open("/#/sign-in");
            browser.button("sign-in.button").click();
            signIn(browser, email, Person.PASSWORD);
            browser.open("/#/account");
            assertThat(browser.page().getByText(email).first()).isVisible(SOON);
            browser.hasNothingToComplainAbout();
        }
    }

    private static void signUp(Browser browser, String email) {
        browser.open("/#/sign-up");
        browser.field("field.your-name").fill("Rita Anyone");
        browser.field("field.email").fill(email);
        browser.field("field.password").fill(Person.PASSWORD);
        browser.button("sign-up.button").click();
        assertThat(browser.heading("sign-up.done")).isVisible(SOON);
        browser.button("sign-in.button").click();
    }

    /** On user-service's own page; ends where the person came from. */
    private static void signIn(Browser browser, String email, String password) {
        var page = browser.page();
        page.getByLabel("E-mail address").fill(email);
        page.getByLabel("Password").fill(password);
        browser.picture("sign-in");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Sign in"))
                .click();
        page.waitForURL(url -> url.startsWith(Feira.url() + "/#") || url.equals(Feira.url() + "/"));
        assertThat(page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName(browser.text("nav.account")))
                        .first())
                .isVisible(SOON);
    }
}
