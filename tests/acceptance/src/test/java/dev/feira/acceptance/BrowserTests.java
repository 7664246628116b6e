package dev.feira.acceptance;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Uses the shop in a real browser, by its visible labels. */
@AcceptanceTest
class BrowserTests {

    private static final LocatorAssertions.IsVisibleOptions VISIBLE_SOON =
            new LocatorAssertions.IsVisibleOptions().setTimeout(30_000);

    private static final LocatorAssertions.HasCountOptions COUNT_SOON =
            new LocatorAssertions.HasCountOptions().setTimeout(30_000);

    /** Milliseconds; of {@code order.js}. */
    private static final long SHORTEST_PAUSE = 2_000;

    private static final String ORDER_IN_WORK = "0198c0de-0000-7000-8000-000000000001";

    private static final String IN_WORK = """
            {"id": "%s", "status": "PLACED", "customerId": "c", "placedAt": "2026-01-02T03:04:05Z",
             "updatedAt": "2026-01-02T03:04:05Z", "lines": [],
             "totals": {"net": {"amount": "1.00", "currency": "EUR"}, "vat": {"amount": "0.06", "currency": "EUR"},
                        "gross": {"amount": "1.06", "currency": "EUR"}},
             "deliveryAddress": {"name": "R", "street": "S", "postalCode": "1", "city": "L", "country": "PT"},
             "payment": null, "rejection": null, "timeline": [{"type": "PLACED", "at": "2026-01-02T03:04:05Z"}]}""".formatted(ORDER_IN_WORK);

    private static final String UNLISTED_COUNTRY = """
            {"items": [{"id": "1", "label": "Sapporo", "name": "R", "street": "S", "postalCode": "1", "city": "Sapporo",
                        "country": "JP", "isDefault": true}]}""";

    @Test
    void confirmsOrderOfANewCustomerInTheBrowser() throws IOException {
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

            browser.signUp(email);
            browser.signIn(email, TestUser.PASSWORD);

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
            page.getByText(browser.text("explain.open")).click();
            for (var name : List.of("RESERVE_STOCK", "CHARGE_PAYMENT", "CONFIRM_STOCK")) {
                assertThat(page.locator(".sequence li.is-done")
                                .filter(new Locator.FilterOptions().setHasText(browser.text("explain.step." + name))))
                        .hasCount(1, new LocatorAssertions.HasCountOptions().setTimeout(30_000));
            }
            assertThat(page.locator(".sequence")).containsText("order.confirmed.v1");
            browser.takeScreenshot("explanation");
            browser.open("/orders");
            assertThat(browser.heading("orders.title")).isVisible(VISIBLE_SOON);
            assertThat(page.getByText(browser.text("status.CONFIRMED")).first()).isVisible(VISIBLE_SOON);
            browser.takeScreenshot("orders");
            browser.open("/account");
            assertThat(page.getByText(email).first()).isVisible(VISIBLE_SOON);
            browser.takeScreenshot("account");
            var data = new String(Files.readAllBytes(
                    page.waitForDownload(() -> browser.button("export.button").click())
                            .path()));
            org.assertj.core.api.Assertions.assertThat(data).contains(email, "Rua das Flores 7", "\"CONFIRMED\"");
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
            browser.signIn("sofia@feira.example", TestPlatform.demoPassword());

            browser.open("/staff/orders");
            assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1)))
                    .isVisible(VISIBLE_SOON);
            browser.takeScreenshot("staff-orders");
            browser.open("/staff/platform");
            assertThat(page.getByText("order-service").first()).isVisible(VISIBLE_SOON);
            assertThat(page.getByText(browser.text("platform.balanced"))).hasCount(4, COUNT_SOON);
            browser.takeScreenshot("staff-platform");
            browser.open("/api-docs");
            assertThat(page.locator(".swagger-ui .opblock").first()).isVisible(VISIBLE_SOON);
            browser.takeScreenshot("api-docs");
            browser.assertNoPageErrors();
        }
    }

    @Test
    void pausesBetweenPollsWithoutETagAndKeepsUnlistedCountry() {
        var polls = new AtomicInteger();
        try (var browser = Browser.desktop()) {
            var page = browser.page();
            browser.open("/sign-in");
            browser.button("sign-in.button").click();
            browser.signIn("sofia@feira.example", TestPlatform.demoPassword());

            page.route("**/api/users/me/addresses", route -> route.fulfill(json(UNLISTED_COUNTRY)));
            browser.open("/account");
            page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(Pattern.compile("Sapporo")))
                    .first()
                    .click();
            assertThat(browser.field("field.country")).hasValue("JP");

            page.clock().install();
            page.clock().pauseAt(System.currentTimeMillis() + 3_600_000);
            page.route("**/api/orders/" + ORDER_IN_WORK, route -> {
                polls.incrementAndGet();
                route.fulfill(json(IN_WORK));
            });
            browser.open("/orders/" + ORDER_IN_WORK);
            page.waitForCondition(() -> polls.get() >= 2); // without ETag the second one does not wait for a change
            var pauses = 0;
            while (polls.get() < 5) {
                page.clock().runFor(SHORTEST_PAUSE);
                pauses++;
            }
            assertTrue(polls.get() <= 2 + pauses, polls + " polls in " + pauses + " pauses");
        }
    }

    private static Route.FulfillOptions json(String body) {
        return new Route.FulfillOptions().setContentType("application/json").setBody(body);
    }

    @Test
    void showsWhatOthersBuyUnlessTheCatalogRejectsTheList() {
        var popular = Http.get("/api/products?limit=4").expect(200).json().toString();
        try (var browser = Browser.desktop()) {
            var page = browser.page();
            page.route("**/api/products?*popular*", route -> route.fulfill(json(popular)));
            browser.open("/");
            var shelf = page.locator("section[aria-labelledby=popular]");
            assertThat(shelf.locator(".product-card[data-sku]")).hasCount(4, COUNT_SOON);

            page.unrouteAll();
            page.route("**/api/products?*popular*", route -> route.fulfill(new Route.FulfillOptions().setStatus(400)));
            page.reload();
            assertThat(page.locator(".product-card[data-sku]").first()).isVisible(VISIBLE_SOON);
            assertThat(shelf).hasCount(0);
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
            browser.signUp(email);
            browser.signIn(email, TestUser.PASSWORD);

            browser.open("/products/FRU-LEMON");
            browser.button("product.add").click();
            // requests of the page after the sign-out would return 401
            browser.page().waitForResponse("**/api/users/me/addresses", () -> browser.open("/account"));
            assertThat(browser.page().locator("feira-sign-ins li")).hasCount(1, COUNT_SOON);
            browser.button("account.sign-out").click();
            browser.page().waitForURL(TestPlatform.url() + "/");
            assertThat(browser.link("nav.sign-in")).isVisible(VISIBLE_SOON);
            assertEquals(
                    "[]", browser.page().evaluate("localStorage.getItem('feira.cart')"), "the cart of the last person");

            browser.open("/sign-in");
            browser.button("sign-in.button").click();
            browser.signIn(email, TestUser.PASSWORD);
            browser.open("/account");
            assertThat(browser.page().getByText(email).first()).isVisible(VISIBLE_SOON);
            browser.assertNoPageErrors();
        }
    }

    @Test
    void signsOutEverywhereFromTheAccount() {
        var user = TestUser.registered();
        try (var browser = Browser.desktop()) {
            var page = browser.page();
            browser.open("/sign-in");
            browser.button("sign-in.button").click();
            browser.signIn(user.email(), user.password());
            user.accessToken(); // signed in by another client

            browser.open("/account");
            assertThat(page.locator("feira-sign-ins li")).hasCount(2, COUNT_SOON);
            assertThat(page.locator("feira-sign-ins").getByText(browser.text("sign-ins.current")))
                    .isVisible(VISIBLE_SOON);
            browser.takeScreenshot("sign-ins");
            page.onDialog(dialog -> dialog.accept());
            browser.button("sign-ins.end").click();

            page.waitForURL(TestPlatform.url() + "/");
            assertThat(browser.link("nav.sign-in")).isVisible(VISIBLE_SOON);
            browser.open("/sign-in");
            browser.button("sign-in.button").click();
            assertThat(page.getByLabel("Password")).isVisible(VISIBLE_SOON);
            browser.assertNoPageErrors();
        }
    }
}
