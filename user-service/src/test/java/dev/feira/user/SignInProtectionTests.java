package dev.feira.user;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.test.DatabaseDump;
import dev.feira.test.PostgresConfiguration;
import dev.feira.user.application.SignIn;
import dev.feira.user.application.SignIn.Outcome;
import dev.feira.user.domain.Expiring;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the limits of guessing, which must not lock out other users. */
class SignInProtectionTests {

    private final TestProvider provider = TestProvider.shared();
    private final SignIn signIn = provider.bean(SignIn.class);

    private Outcome guess(String email, String address) {
        return signIn.attempt(email, "wrong " + UUID.randomUUID(), address);
    }

    private Outcome right(String email, String address) {
        return signIn.attempt(email, TestProvider.passwordOf(email), address);
    }

    private void shiftDelays(Duration duration) {
        provider.jdbc()
                .sql("update attempts set blocked_until = blocked_until - make_interval(secs => :seconds)")
                .param("seconds", (double) duration.toSeconds())
                .update();
    }

    @Test
    void showsDelayOnLoginPageAfterFiveWrongPasswords() {
        var email = provider.newAccount();
        var address = TestProvider.newAddress();
        var browser = new Browser(provider).from(address);
        for (var i = 0; i < 5; i++) {
            assertThat(Browser.location(browser.logIn(email, "wrong password"))).endsWith("/login?error");
        }

        var blocked = browser.logIn(email, TestProvider.PASSWORD); // the correct password, too

        assertThat(Browser.location(blocked)).matches(".*/login\\?wait=([1-9]|10)");
        assertThat(browser.get(Browser.location(blocked)).body())
                .contains("role=\"alert\"", "Too many attempts", email);
        assertThat(browser.get("/id/login?wait=1").body()).contains("try again in one second.");
        assertThat(browser.get("/id/login?wait=20").body()).contains("try again in 20 seconds.");
    }

    @ParameterizedTest
    @CsvSource({"203.0.113.0/24, error", "'', wait=\\d+"})
    void countsClientsBehindTrustedProxyApart(String trusted, String outcome) {
        try (var replica = TestProvider.start(provider.database, "FEIRA_TRUSTED_PROXIES=" + trusted)) {
            var email = replica.newAccount();
            var proxy = ", 203.0.113.9"; // a gateway with a public address
            var guesser = new Browser(replica).from(TestProvider.newAddress() + proxy);
            for (var i = 0; i < 5; i++) {
                guesser.logIn(email, "wrong password");
            }

            var other = new Browser(replica).from(TestProvider.newAddress() + proxy);

            assertThat(Browser.location(other.logIn(email, "wrong password"))).matches(".*/login\\?" + outcome);
        }
    }

    @Test
    void doublesDelayUpToFifteenMinutes() {
        var email = provider.newAccount();
        var address = TestProvider.newAddress();
        for (var i = 0; i < 4; i++) {
            assertThat(guess(email, address)).isInstanceOf(Outcome.Rejected.class);
        }
        var delays = new ArrayList<Long>();
        for (var i = 0; i < 9; i++) {
            assertThat(guess(email, address)).isInstanceOf(Outcome.Rejected.class);
            var delay = delayOf(email, address);
            delays.add(delay);
            assertThat(guess(email, address))
                    .isInstanceOfSatisfying(
                            Outcome.Blocked.class,
                            blocked -> assertThat(
                                            blocked.retryAfter().plusMillis(999).toSeconds())
                                    .isBetween(delay / 2, delay));
            shiftDelays(Duration.ofMinutes(16));
        }

        assertThat(delays).containsExactly(10L, 20L, 40L, 80L, 160L, 320L, 640L, 900L, 900L);
    }

    /** Reads the whole delay in seconds, since some of it may have passed. */
    private long delayOf(String email, String address) {
        return provider.jdbc()
                .sql("""
                        select extract(epoch from blocked_until - last_at) from attempts
                         where scope = 'sign-in-pair' and key = sha256(convert_to(:key, 'UTF8'))""")
                .param("key", email + " " + address)
                .query(Long.class)
                .single();
    }

    @Test
    void resetsAttemptsAfterCorrectPassword() {
        var email = provider.newAccount();
        var address = TestProvider.newAddress();
        for (var round = 0; round < 3; round++) {
            for (var i = 0; i < 4; i++) {
                assertThat(guess(email, address)).isInstanceOf(Outcome.Rejected.class);
            }
            assertThat(right(email, address)).isInstanceOf(Outcome.Accepted.class);
        }
    }

    @Test
    void countsIpv6NetworkAsOneAddress() {
        var email = provider.newAccount();
        var network = "2001:db8:%x:%x:"
                .formatted(
                        ThreadLocalRandom.current().nextInt(0x10000),
                        ThreadLocalRandom.current().nextInt(0x10000));
        for (var i = 0; i < 5; i++) {
            assertThat(guess(email, network + ":" + i)).isInstanceOf(Outcome.Rejected.class);
        }
        assertThat(guess(email, network + "ffff:0:0:1")).isInstanceOf(Outcome.Blocked.class);

        shiftDelays(Duration.ofMinutes(16));
        assertThat(right(email, network + ":1")).isInstanceOf(Outcome.Accepted.class);
        for (var i = 0; i < 25; i++) {
            guess(email, TestProvider.newAddress());
        }
        assertThat(right(email, network + "ffff:0:0:2")).as("known network").isInstanceOf(Outcome.Accepted.class);
        assertThat(provider.jdbc()
                        .sql("select count(*) from security_events where address = :full")
                        .param("full", network + ":1")
                        .query(Integer.class)
                        .single())
                .as("the audit log has the full address")
                .isPositive();
    }

    @Test
    void recordsBlockedSignInOncePerDelay() {
        var email = provider.newAccount();
        var address = TestProvider.newAddress();
        for (var i = 0; i < 5; i++) {
            guess(email, address);
        }
        for (var i = 0; i < 10; i++) {
            assertThat(guess(email, address)).isInstanceOf(Outcome.Blocked.class);
        }

        assertThat(provider.jdbc()
                        .sql("select count(*) from security_events where type = 'SIGN_IN_BLOCKED' and address ="
                                + " :address")
                        .param("address", address)
                        .query(Integer.class)
                        .single())
                .isEqualTo(1);
    }

    @Test
    void removesKnownNetworkAfterItsMaximumAge() {
        var email = provider.newAccount();
        var address = TestProvider.newAddress();
        right(email, address);
        provider.beans(Expiring.class).forEach(Expiring::removeExpired);
        assertThat(known(address)).isEqualTo(1);
        provider.jdbc()
                .sql("update known_addresses set last_at = now() - interval '91 days' where address = :address")
                .param("address", address)
                .update();

        provider.beans(Expiring.class).forEach(Expiring::removeExpired);

        assertThat(known(address)).isZero();
    }

    private int known(String address) {
        return provider.jdbc()
                .sql("select count(*) from known_addresses where address = :address")
                .param("address", address)
                .query(Integer.class)
                .single();
    }

    @Test
    void blocksGuessesAtUnknownAccountTheSameWay() {
        var unknown = "unknown-" + UUID.randomUUID() + "@feira.example";
        var address = TestProvider.newAddress();
        for (var i = 0; i < 5; i++) {
            assertThat(guess(unknown, address)).isInstanceOf(Outcome.Rejected.class);
        }
        assertThat(guess(unknown, address)).isInstanceOf(Outcome.Blocked.class);
    }

    @Test
    void permitsSignInFromKnownNetworkDuringGuessing() {
        var email = provider.newAccount();
        var known = TestProvider.newAddress();
        assertThat(right(email, known)).isInstanceOf(Outcome.Accepted.class);

        for (var i = 0; i < 25; i++) {
            guess(email, TestProvider.newAddress()); // from many networks
        }

        assertThat(right(email, TestProvider.newAddress()))
                .as("an unknown network waits")
                .isInstanceOf(Outcome.Blocked.class);
        assertThat(right(email, known)).as("the known network does not wait").isInstanceOf(Outcome.Accepted.class);
    }

    @Test
    void blocksNetworkThatGuessesAtManyAccounts() {
        var attacker = TestProvider.newAddress();
        var person = provider.newAccount();
        var regular = provider.newAccount();
        assertThat(right(regular, attacker)).isInstanceOf(Outcome.Accepted.class); // known from an earlier sign-in
        for (var i = 0; i < 50; i++) {
            assertThat(guess("victim-" + UUID.randomUUID() + "@feira.example", attacker))
                    .isInstanceOf(Outcome.Rejected.class);
        }

        assertThat(right(person, attacker)).isInstanceOf(Outcome.Blocked.class);
        assertThat(right(person, TestProvider.newAddress())).isInstanceOf(Outcome.Accepted.class);
        assertThat(right(regular, attacker)).as("known network").isInstanceOf(Outcome.Accepted.class);
    }

    @Test
    void countsParallelGuessesOneByOne() throws Exception {
        var email = provider.newAccount();
        var address = TestProvider.newAddress();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Outcome> guess = () -> guess(email, address);
            var outcomes = threads
                    .invokeAll(IntStream.range(0, 40).mapToObj(_ -> guess).toList())
                    .stream()
                    .map(Future::resultNow)
                    .toList();

            assertThat(outcomes.stream().filter(Outcome.Rejected.class::isInstance))
                    .as("passwords that were checked")
                    .hasSize(5);
        }
    }

    @Test
    void rejectsUnknownAccountInTheSameTime() {
        var known = new ArrayList<Long>();
        var unknown = new ArrayList<Long>();
        for (var i = 0; i < 21; i++) { // alternating, so that both run under the same load
            known.add(nanos(provider.newAccount()));
            unknown.add(nanos("unknown-" + UUID.randomUUID() + "@feira.example"));
        }

        Collections.sort(known);
        Collections.sort(unknown);
        var ratio = (double) unknown.get(10) / known.get(10);
        assertThat(ratio).as("median unknown / median known").isBetween(0.5, 2.0);
    }

    private long nanos(String email) {
        var start = System.nanoTime();
        guess(email, TestProvider.newAddress());
        return System.nanoTime() - start;
    }

    @Test
    void rejectsSignInAndRefreshOfDisabledAccount() {
        var email = provider.newAccount();
        var tokens = provider.signIn(email);
        provider.jdbc()
                .sql("update users set disabled_at = now() where email = :email")
                .param("email", email)
                .update();

        assertThat(right(email, TestProvider.newAddress())).isInstanceOf(Outcome.Rejected.class);
        assertThat(provider.refresh(tokens.refresh()).statusCode()).isEqualTo(400);
    }

    @Test
    void upgradesWeakHashAtSignIn() {
        var database = PostgresConfiguration.freshDatabase();
        String before;
        try (var weak = TestProvider.start(database, "feira.users.passwords.memory=7MB")) {
            before = hash(weak);
            assertThat(before).startsWith("$argon2id$v=19$m=7168,t=2,p=1$");
        }
        try (var strong = TestProvider.start(database)) {
            strong.signIn(TestProvider.ANA);
            assertThat(hash(strong))
                    .startsWith("$argon2id$v=19$m=19456,t=2,p=1$")
                    .isNotEqualTo(before);
        }
    }

    private static String hash(TestProvider provider) {
        return provider.jdbc()
                .sql("select password_hash from users where email = 'ana@feira.example'")
                .query(String.class)
                .single();
    }

    @Test
    void recordsSignInsWithoutTheTypedEmailAddress() {
        var typo = "typo-" + UUID.randomUUID() + "@feira.example";
        var address = TestProvider.newAddress();
        guess(typo, address);
        var email = provider.newAccount();
        right(email, address);

        assertThat(provider.jdbc()
                        .sql("select type from security_events where address = :address order by id")
                        .param("address", address)
                        .query(String.class)
                        .list())
                .containsExactly("SIGN_IN_FAILED", "SIGN_IN_SUCCEEDED");
        assertThat(DatabaseDump.of(provider.jdbc())).doesNotContain(typo);
    }
}
