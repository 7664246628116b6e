package dev.feira.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Checks after every test that stock, money and sign-ins balance, and that every order reached a final status. */
final class Audit implements AfterEachCallback {

    @Override
    public void afterEach(ExtensionContext context) {
        if (context.getExecutionException().isEmpty()) {
            awaitBalance("catalog");
            awaitBalance("orders");
            awaitBalance("users");
        }
    }

    private static void awaitBalance(String service) {
        await("the audit of " + service)
                .atMost(TestPlatform.COMPLETION_DEADLINE.plusSeconds(15))
                .pollInterval(Duration.ofMillis(500))
                .pollDelay(Duration.ZERO)
                .untilAsserted(() -> {
                    var audit = TestUser.staff().get("/api/audits/" + service).expect(200);
                    assertThat(audit.at("/balanced")).as(audit::text).isEqualTo("true");
                    if (service.equals("orders")) {
                        assertThat(audit.at("/underWay"))
                                .as("orders without a final status: %s", audit)
                                .isEqualTo("0");
                    }
                });
    }
}
