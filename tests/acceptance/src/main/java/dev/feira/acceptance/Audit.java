package dev.feira.acceptance;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The last step of every test: stock balances, so does money, and nobody is signed in who must not be. Orders under way,
 * which the audit leaves out, are given time to end, and have to: one that never does is no balance.
 */
final class Audit implements AfterEachCallback {

    @Override
    public void afterEach(ExtensionContext context) {
        if (context.getExecutionException().isEmpty()) {
            balances("catalog");
            balances("orders");
            balances("users");
        }
    }

    static void balances(String which) {
        await("the audit of " + which)
                .atMost(Feira.ENDING.plusSeconds(15))
                .pollInterval(Duration.ofMillis(500))
                .pollDelay(Duration.ZERO)
                .untilAsserted(() -> {
                    var audit = Person.staff().get("/api/audits/" + which).expect(200);
                    if (!"true".equals(audit.at("/balanced"))) {
                        throw new AssertionError("The audit of " + which + " does not balance: " + audit);
                    }
                    if (which.equals("orders") && !"0".equals(audit.at("/underWay"))) {
                        throw new AssertionError("Orders have not ended: " + audit);
                    }
                });
    }
}
