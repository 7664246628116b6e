package dev.feira.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Checks after every test that stock, money and sign-ins balance, and that every order reached a final status. Every event of an
 * order must be counted once, and told to its customer; no consumer may have passed over an event.
 */
final class Audit implements AfterEachCallback {

    @Override
    public void afterEach(ExtensionContext context) {
        if (context.getExecutionException().isEmpty()) {
            awaitBalance("orders");
            awaitBalance("catalog");
            awaitBalance("users");
            awaitMail();
            List.of("catalog", "orders", "notifications", "gateway").forEach(Audit::checkFeeds);
        }
    }

    /** Reads again what the service has read, and looks whether it was received. */
    private static void checkFeeds(String service) {
        await("the audit of the feeds of " + service)
                .atMost(TestPlatform.COMPLETION_DEADLINE)
                .untilAsserted(() -> {
                    var audit = TestUser.staff()
                            .get("/api/parked-events/" + service + "/audit")
                            .expect(200);
                    assertThat(audit.at("/balanced")).as(audit::text).isEqualTo("true");
                });
    }

    /** Each status of an order leads to a mail, when its event has been applied. */
    private static void awaitMail() {
        await("the mail about orders").atMost(TestPlatform.COMPLETION_DEADLINE).untilAsserted(() -> {
            var orders = TestUser.staff().get("/api/audits/orders").expect(200);
            var mails = TestUser.staff().get("/api/audits/notifications").expect(200);
            assertThat(mails.at("/balanced")).as(mails::text).isEqualTo("true");
            assertThat(count(mails, "/orders", "ORDER_REJECTED"))
                    .as("%s %s", orders, mails)
                    .isEqualTo(count(orders, "/statuses", "REJECTED"));
            assertThat(count(mails, "/orders", "ORDER_CANCELLED"))
                    .as("%s %s", orders, mails)
                    .isEqualTo(count(orders, "/statuses", "CANCELLED"));
            assertThat(count(mails, "/orders", "ORDER_SHIPPED"))
                    .as("%s %s", orders, mails)
                    .isEqualTo(count(orders, "/statuses", "SHIPPED", "DELIVERED", "RETURNED"));
            assertThat(count(mails, "/orders", "ORDER_CONFIRMED"))
                    .as("%s %s", orders, mails)
                    .isBetween(
                            count(orders, "/statuses", "CONFIRMED", "SHIPPED", "DELIVERED", "RETURNED"),
                            count(orders, "/statuses", "CONFIRMED", "SHIPPED", "DELIVERED", "RETURNED", "CANCELLED"));
        });
    }

    private static int count(Response audit, String counts, String... names) {
        return Stream.of(names)
                .mapToInt(name -> audit.json().at(counts).path(name).asInt(0))
                .sum();
    }

    private static void awaitBalance(String service) {
        await("the audit of " + service)
                .atMost(TestPlatform.COMPLETION_DEADLINE.plusSeconds(15))
                .pollInterval(Duration.ofMillis(500))
                .pollDelay(Duration.ZERO)
                .untilAsserted(() -> {
                    var audit = TestUser.staff().get("/api/audits/" + service).expect(200);
                    assertThat(audit.at("/balanced")).as(audit::text).isEqualTo("true");
                    if (service.equals("catalog")) {
                        assertThat(audit.at("/uncountedSales"))
                                .as("units that the events of orders left out, or counted twice: %s", audit)
                                .isEqualTo("0");
                    }
                    if (service.equals("orders")) {
                        assertThat(audit.at("/underWay"))
                                .as("orders without a final status: %s", audit)
                                .isEqualTo("0");
                    }
                });
    }
}
