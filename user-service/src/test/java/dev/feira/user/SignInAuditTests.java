package dev.feira.user;

import static dev.feira.user.TestProvider.claims;
import static dev.feira.user.TestProvider.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.defaults.audit.AuditRunner;
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

/** Makes each fault in a transaction that is rolled back; uses its own database, free of other tests' faults. */
class SignInAuditTests {

    private static final TestProvider provider =
            TestProvider.start(PostgresConfiguration.freshDatabase(), "feira.users.audit-interval=1h");

    private final SignInAudit audit = provider.bean(SignInAudit.class);
    private final AuditRunner runner = provider.bean(AuditRunner.class);

    @AfterAll
    static void stop() {
        provider.close();
    }

    @Test
    void returnsTheNumberOfSignInsToStaff() {
        var staff = provider.signIn(TestProvider.SOFIA);
        provider.refresh(staff.refresh());

        var response = provider.get("/id/audit", staff.access());

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(json(response).get("balanced").asBoolean()).isTrue();
        assertThat(json(response).get("signIns").asInt()).isPositive();
        assertThat(json(response).get("discrepancies")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ACCOUNT_GONE           | delete from users where id = :person
            ACCOUNT_DISABLED       | update users set disabled_at = now() where id = :person
            SEVERAL_REFRESH_TOKENS | update authorization_tokens set consumed_at = null where authorization_id = :signIn
            REVOKED                | update authorization_tokens set invalidated = true where authorization_id = :signIn and consumed_at is not null
            """)
    void reportsSignInThatMustNotExist(Fault fault, String change) {
        var email = provider.newAccount();
        var first = provider.signIn(email);
        provider.refresh(first.refresh());
        var signIn = claims(first.id()).get("sid").stringValue();
        var person = claims(first.id()).get("sub").stringValue();

        assertThat(discrepanciesAfter(
                        change.replace(":person", "'" + person + "'").replace(":signIn", "'" + signIn + "'")))
                .containsExactly(new Discrepancy(fault, signIn));
        assertThat(audit.check().discrepancies()).isEmpty();
    }

    @Test
    void reportsKeysWhenEachHasAnExpiry() {
        assertThat(discrepanciesAfter("update signing_keys set expires_at = now() + interval '1 day'"))
                .containsExactly(new Discrepancy(Fault.NOT_ONE_NEWEST_KEY, null));
    }

    @Test
    void publishesTheNumberOfDiscrepanciesAsMetric() {
        discrepanciesAfter("update signing_keys set expires_at = now() + interval '1 day'");
        assertThat(discrepancies()).isEqualTo(1);

        runner.run(audit::check);
        assertThat(discrepancies()).isZero();
    }

    private double discrepancies() {
        return provider.bean(MeterRegistry.class)
                .get("feira.audit.discrepancies")
                .tag("audit", "sign-ins")
                .gauge()
                .value();
    }

    /** Returns the discrepancies after {@code change}, which is rolled back. */
    private @Nullable List<Discrepancy> discrepanciesAfter(String change) {
        return provider.bean(TransactionTemplate.class).execute(transaction -> {
            transaction.setRollbackOnly();
            provider.bean(JdbcClient.class).sql(change).update();
            return runner.run(audit::check).discrepancies();
        });
    }
}
