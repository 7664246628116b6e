package dev.feira.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Shows a mail of each kind as a mail program does, on a desktop and on a phone; the screenshots are previews. */
@AcceptanceTest
class MailPreviewTests {

    private static final List<String> KINDS = List.of(
            "WELCOME",
            "VERIFICATION",
            "EMAIL_CHANGE",
            "NEW_EMAIL",
            "PASSWORD_CHANGED",
            "ORDER_CONFIRMED",
            "ORDER_REJECTED",
            "ORDER_SHIPPED",
            "ORDER_CANCELLED",
            "ORDER_REFUNDED");

    @Test
    void fitsEachMailOnDesktopAndPhone() {
        var customer = TestUser.registered();
        var newEmail = "new." + TestPlatform.unique().toLowerCase(Locale.ROOT) + "@feira.example";
        causeEveryMail(customer, newEmail);
        var mails = await("a mail of each kind")
                .atMost(TestPlatform.COMPLETION_DEADLINE)
                .until(
                        () -> mailsTo(Set.of(customer.email(), newEmail)),
                        found -> found.keySet().containsAll(KINDS));
        try (var browser = Browser.desktop()) {
            browser.open("/sign-in");
            browser.button("sign-in.button").click();
            browser.signIn("admin@feira.example", TestPlatform.demoPassword());
            for (var kind : KINDS) {
                browser.open("/api/mails/" + mails.get(kind) + "/html");
                assertReadable(browser, kind, "desktop");
                browser.page().setViewportSize(390, 844);
                assertReadable(browser, kind, "phone");
                browser.page().setViewportSize(1280, 900);
            }
        }
    }

    private static void causeEveryMail(TestUser customer, String newEmail) {
        customer.post("/api/users/me/verification", "").expect(202);
        customer.post("/api/users/me/email", """
                        {"email": "%s", "currentPassword": "%s"}""".formatted(newEmail, customer.password()))
                .expect(202);
        var sku = Products.createWithStock(3);
        var cancelled = settled(customer, sku, Card.APPROVED);
        customer.post("/api/orders/" + cancelled + "/cancellation", "").expect(200);
        var shipped = settled(customer, sku, Card.APPROVED);
        TestUser.staff().post("/api/orders/" + shipped + "/shipment", "").expect(200);
        settled(customer, sku, Card.DECLINED);
        customer.put("/api/users/me/password", """
                        {"currentPassword": "%s", "newPassword": "%s"}""".formatted(customer.password(), TestUser.PASSWORD + " again"))
                .expect(204);
    }

    private static String settled(TestUser customer, String sku, Card card) {
        var id = customer.placeOrder(Orders.newIdempotencyKey(), Orders.request(sku, 1, card.token()), 10)
                .expect(201)
                .at("/id");
        customer.awaitFinalStatus(id, TestPlatform.COMPLETION_DEADLINE);
        return id;
    }

    /** Returns a mail of each kind to these addresses. */
    private static Map<String, String> mailsTo(Set<String> addresses) {
        return TestUser.admin()
                .get("/api/mails?limit=100")
                .expect(200)
                .json()
                .at("/items")
                .valueStream()
                .filter(mail -> addresses.contains(mail.at("/to").asString("")))
                .collect(Collectors.toMap(
                        mail -> mail.at("/kind").asString(),
                        mail -> mail.at("/id").asString(),
                        (first, _) -> first));
    }

    private static void assertReadable(Browser browser, String kind, String screen) {
        var page = browser.page();
        browser.takeScreenshot(
                "mail-%s-%s".formatted(kind.toLowerCase(Locale.ROOT).replace('_', '-'), screen));
        assertThat(page.locator("h1").innerText()).as(kind).isNotBlank();
        assertThat(page.locator("body").innerText())
                .as(kind)
                .doesNotContain("null")
                .doesNotContain("??")
                .doesNotContain("${");
        assertThat(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
                .as("pixels to scroll %s sideways on a %s", kind, screen)
                .isEqualTo(0);
    }
}
