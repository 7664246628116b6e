package dev.feira.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feira.test.DatabaseDump;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Events of user-service, and what they do to sessions of two replicas. */
class UserEventsTests {

    private static final IdentityProvider IDENTITY = Gateways.IDENTITY;
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String PARKED = "/api/parked-events/gateway";

    private final Gateways.Gateway first = Gateways.first().healed();
    private final Gateways.Gateway second = Gateways.second().healed();
    private final JdbcClient jdbc = first.context().getBean(JdbcClient.class);
    private final String user = UUID.randomUUID().toString();

    @BeforeEach
    void reset() {
        IDENTITY.reset();
    }

    private static Http signedIn(Gateways.Gateway gateway, String user, String... roles) {
        var browser = gateway.http().browser();
        var back = IDENTITY.approve(browser.get("/login").header("Location").orElseThrow(), user, roles);
        assertThat(browser.get(back.getRawPath() + "?" + back.getRawQuery()).status())
                .isEqualTo(302);
        assertThat(isSignedIn(browser)).isTrue();
        return browser;
    }

    private static boolean isSignedIn(Http browser) {
        return browser.get("/session").json().path("authenticated").asBoolean();
    }

    private static String erase(String user) {
        return IDENTITY.users.append("user.erased.v1", user, "{\"userId\": \"%s\"}".formatted(user));
    }

    private void awaitInNoTable(String user) {
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(DatabaseDump.of(jdbc)).doesNotContain(user));
    }

    @Test
    void endsAllSessionsOfErasedUserAndNoOther() {
        var browser = signedIn(first, user, "customer");
        var phone = signedIn(second, user, "customer");
        var other = signedIn(first, UUID.randomUUID().toString(), "customer");
        assertThat(DatabaseDump.of(jdbc)).contains("Name of " + user, user + "@feira.example");

        erase(user);

        awaitInNoTable(user);
        assertThat(isSignedIn(browser)).isFalse();
        assertThat(isSignedIn(phone)).isFalse();
        assertThat(isSignedIn(other)).isTrue();
    }

    @Test
    void endsSessionThatAnEarlierVersionHasStored() {
        var browser = signedIn(first, user, "customer");
        assertThat(jdbc.sql("update spring_session set principal_name = null where principal_name = :user")
                        .param("user", user)
                        .update())
                .isEqualTo(1);

        erase(user);

        awaitInNoTable(user);
        assertThat(isSignedIn(browser)).isFalse();
    }

    @Test
    void appliesRepeatedEventWithoutHarm() {
        signedIn(first, user, "customer");
        var event = erase(user);
        awaitInNoTable(user);
        IDENTITY.users.repeat(event);
        var later = UUID.randomUUID().toString();
        signedIn(first, later, "customer");

        erase(later);

        awaitInNoTable(later);
    }

    @Test
    void showsParkedEventsToStaffOnly() {
        assertThat(first.http().get(PARKED).status()).isEqualTo(401);
        assertThat(signedIn(first, user, "customer").get(PARKED).status()).isEqualTo(403);
        IDENTITY.users.append("user.erased.v1", user, "{}");
        var staff = signedIn(first, UUID.randomUUID().toString(), "staff");

        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(staff.get(PARKED).body()).contains("user.erased.v1", user));

        var event = staff.get(PARKED)
                .json()
                .path("items")
                .valueStream()
                .filter(item -> item.path("subject").asString().equals(user))
                .findFirst()
                .orElseThrow()
                .path("id")
                .asString();
        var csrf = staff.cookies().get("XSRF-TOKEN-8080");
        assertThat(staff.send("DELETE", PARKED + "/" + event, null).status()).isEqualTo(403);
        assertThat(staff.send("DELETE", PARKED + "/" + event, null, "X-XSRF-TOKEN", csrf)
                        .status())
                .isEqualTo(204);
        var again = staff.send("DELETE", PARKED + "/" + event, null, "X-XSRF-TOKEN", csrf);
        assertThat(again.status()).isEqualTo(404);
        assertThat(again.problem()).isEqualTo("parked-event-not-found");
    }
}
