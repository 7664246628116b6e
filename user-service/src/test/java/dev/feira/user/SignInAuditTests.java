package dev.feira.user;

import static dev.feira.user.TestProvider.claims;
import static dev.feira.user.TestProvider.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.test.PostgresConfiguration;
import dev.feira.user.application.SignInAudit;
import dev.feira.user.application.SignInAudit.Discrepancy;
import dev.feira.user.application.SignInAudit.Fault;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Each fault is made in the database, found, and taken back; in a database of its own, which nobody else leaves faults in. */
class SignInAuditTests {

    private static final TestProvider provider =
            TestProvider.start(PostgresConfiguration.freshDatabase(), "feira.users.audit-interval=1h");

    private final SignInAudit audit = provider.bean(SignInAudit.class);

    @AfterAll
    static void stop() {
        provider.close();
    }

    @Test
    void staffLearnHowManyAreSignedInAndThatAllOfThemMayBe() {
        var staff = provider.signIn(TestProvider.SOFIA);
        provider.refresh(staff.refresh());

        var answer = provider.get("/id/audit", staff.access());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(json(answer).get("balanced").asBoolean()).isTrue();
        assertThat(json(answer).get("signIns").asInt()).isPositive();
        assertThat(json(answer).get("discrepancies")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ACCOUNT_GONE           | delete from users where id = :person
            ACCOUNT_DISABLED       | update users set disabled_at = now() where id = :person
            SEVERAL_REFRESH_TOKENS | update authorization_tokens set consumed_at = null where authorization_id = :signIn
            REVOKED                | update authorization_tokens set invalidated = true where authorization_id = :signIn and consumed_at is not null
            """)
    void aSignInThatMustNotBeIsNamed(Fault fault, String change) {
        var email = provider.newAccount();
        var first = provider.signIn(email);
        provider.refresh(first.refresh());
        var signIn = claims(first.id()).get("sid").stringValue();
        var person = claims(first.id()).get("sub").stringValue();

        assertThat(found(change.replace(":person", "'" + person + "'").replace(":signIn", "'" + signIn + "'")))
                .containsExactly(new Discrepancy(fault, signIn));
        assertThat(audit.check().discrepancies()).isEmpty();
    }

    @Test
    void ofAllKeysOneIsTheNewest() {
        assertThat(found("update signing_keys set expires_at = now() + interval '1 day'"))
                .containsExactly(new Discrepancy(Fault.NOT_ONE_NEWEST_KEY, null));
    }

    @Test
    void whatWasFoundIsAMetric() {
        found("update signing_keys set expires_at = now() + interval '1 day'");
        assertThat(discrepancies()).isEqualTo(1);

        audit.check();
        assertThat(discrepancies()).isZero();
    }

    private double discrepancies() {
        return provider.bean(MeterRegistry.class)
                .get("feira.audit.discrepancies")
                .tag("audit", "sign-ins")
                .gauge()
                .value();
    }

    /** What the audit finds once {@code change} is made, which nobody else sees. */
    private @Nullable List<Discrepancy> found(String change) {
        return provider.bean(TransactionTemplate.class).execute(transaction -> {
            transaction.setRollbackOnly();
            provider.bean(JdbcClient.class).sql(change).update();
            return audit.check().discrepancies();
        });
    }
}
