package dev.feira.order.saga;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.feira.order.fixtures.Replica;
import dev.feira.order.fixtures.TestEnvironment;
import dev.feira.order.saga.SagaStep.Participant;
import dev.feira.order.saga.StepAttempt.Outcome;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Tests the table of steps while the saga is stopped. */
class SagaStepsTests {

    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final Duration LONG = Duration.ofHours(1);

    private static TestEnvironment environment;
    private static Replica shop;
    private static SagaSteps steps;
    private static JdbcClient jdbc;

    @BeforeAll
    static void open() {
        environment = new TestEnvironment();
        environment.catalog.sells("A-1", "1.00", 100);
        shop = environment.start("feira.orders.saga.sweep-interval=1h");
        shop.bean(SagaRunner.class).stop();
        steps = shop.bean(SagaSteps.class);
        jdbc = shop.bean(JdbcClient.class);
    }

    @AfterAll
    static void close() {
        environment.close();
    }

    @BeforeEach
    void deleteSteps() {
        jdbc.sql("update orders set status = 'REJECTED'").update();
        jdbc.sql("delete from saga_steps").update();
    }

    private static UUID placed() {
        return shop.placed("ana", "A-1", 1, "tok_good");
    }

    @Test
    void makesRunningStepDueAtOnceWhenExpedited() {
        var order = placed();
        var claim = steps.claimDue(Participant.CATALOG, 1, LEASE, "here").getFirst();
        steps.expedite(order, Participant.CATALOG);
        assertThat(steps.claimDue(Participant.CATALOG, 1, LEASE, "there")).isEmpty();
        assertThat(steps.postpone(claim, LONG, Outcome.FAILED, "asked too early"))
                .isTrue();
        var again = steps.claimDue(Participant.CATALOG, 1, LEASE, "here").getFirst();
        assertThat(steps.postpone(again, LONG, Outcome.FAILED, "expedited once only"))
                .isFalse();
        assertThat(steps.claimDue(Participant.CATALOG, 1, LEASE, "here")).isEmpty();
    }

    @Test
    void notesAttemptWhoseLeaseEnded() {
        var order = placed();
        steps.claimDue(Participant.CATALOG, 1, Duration.ZERO, "here");
        var claim = steps.claimDue(Participant.CATALOG, 1, LEASE, "there").getFirst();
        assertThat(claim.attempt()).isEqualTo(2);
        assertThat(shop.bean(SagaHistory.class).attempts(order))
                .extracting(StepAttempt::attempt, StepAttempt::replica, StepAttempt::outcome)
                .containsExactly(tuple(1, "here", Outcome.FAILED), tuple(2, "there", Outcome.RUNNING));
    }

    @Test
    void storesAttemptsAfterTheTwentiethInOneEntry() {
        var order = placed();
        for (var attempt = 1; attempt <= 25; attempt++) {
            var claim = steps.claimDue(Participant.CATALOG, 1, LEASE, "here").getFirst();
            steps.postpone(claim, Duration.ZERO, Outcome.FAILED, "attempt " + attempt);
        }

        var attempts = shop.bean(SagaHistory.class).attempts(order).stream()
                .filter(attempt -> attempt.outcome() == Outcome.FAILED)
                .toList();

        assertThat(attempts).hasSize(21);
        assertThat(attempts.getLast())
                .extracting(StepAttempt::attempt, StepAttempt::lastAttempt, StepAttempt::error)
                .containsExactly(21, 25, "attempt 25");
    }

    @Test
    void reopensStepWithoutTheReplicaThatHadIt() {
        var order = placed();
        steps.claimDue(Participant.CATALOG, 1, LEASE, "here");
        new TransactionTemplate(shop.bean(PlatformTransactionManager.class))
                .executeWithoutResult(_ -> steps.abandon(order, List.of(SagaStep.RESERVE_STOCK)));
        jdbc.sql("update orders set status = 'PLACED', updated_at = now() - interval '1 hour' where id = :id")
                .param("id", order)
                .update();
        assertThat(steps.adoptOrphans(LEASE)).containsExactly(order);

        assertThat(shop.bean(SagaHistory.class).attempts(order))
                .extracting(StepAttempt::attempt, StepAttempt::replica, StepAttempt::outcome)
                .containsExactly(tuple(2, null, Outcome.WAITING));
    }

    @Test
    void expeditesOnlyStepsOfGivenParticipant() {
        var order = placed();
        var claim = steps.claimDue(Participant.CATALOG, 1, LEASE, "here").getFirst();
        steps.postpone(claim, LONG, Outcome.FAILED, "no response");
        steps.expedite(order, Participant.PAYMENTS);
        assertThat(steps.claimDue(Participant.CATALOG, 1, LEASE, "here")).isEmpty();
        steps.expedite(order, Participant.CATALOG);
        assertThat(steps.claimDue(Participant.CATALOG, 1, LEASE, "here")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "PLACED, , RESERVE_STOCK",
        "RESERVED, , CHARGE_PAYMENT",
        "RESERVED, PENDING, AWAIT_PAYMENT",
        "PAID, PAID, CONFIRM_STOCK"
    })
    void addsMissingStepToUnsettledOrder(String status, @Nullable String payment, SagaStep next) {
        var order = placed();
        jdbc.sql("""
                        update orders set status = :status, payment_status = :payment,
                               updated_at = now() - interval '1 hour' where id = :id""")
                .param("status", status)
                .param("payment", payment)
                .param("id", order)
                .update();
        assertThat(steps.adoptOrphans(LEASE)).as("its step is open").isEmpty();
        jdbc.sql("update saga_steps set finished_at = now()").update();
        assertThat(steps.adoptOrphans(Duration.ofHours(2)))
                .as("it is too young")
                .isEmpty();
        assertThat(steps.adoptOrphans(LEASE)).containsExactly(order);
        assertThat(steps.claimDue(next.participant(), 10, LEASE, "here"))
                .extracting(Claim::orderId, Claim::step)
                .containsExactly(tuple(order, next));
    }

    @Test
    void skipsLockedOrderWhenAddingMissingSteps() throws SQLException {
        var order = placed();
        jdbc.sql("update orders set updated_at = now() - interval '1 hour' where id = :id")
                .param("id", order)
                .update();
        jdbc.sql("update saga_steps set finished_at = now()").update();
        try (var cancelling = shop.bean(DataSource.class).getConnection()) {
            cancelling.setAutoCommit(false);
            cancelling.createStatement().execute("select id from orders where id = '" + order + "' for update");
            assertThat(steps.adoptOrphans(LEASE)).isEmpty();
            cancelling.rollback();
        }
        assertThat(steps.adoptOrphans(LEASE)).containsExactly(order);
    }

    @ParameterizedTest
    @CsvSource({
        "CHARGE_PAYMENT, 1, 0, 0",
        "CHARGE_PAYMENT, 5, 1, 0",
        "AWAIT_PAYMENT, 5, 0, 0",
        "AWAIT_PAYMENT, 13, 1, 0",
        "REFUND_PAYMENT, 61, 1, 1"
    })
    void countsOverdueAndStuckSteps(SagaStep step, int minutes, long overdue, long stuck) {
        placed();
        jdbc.sql("update saga_steps set step = :step, created_at = now() - make_interval(mins => :minutes)")
                .param("step", step.name())
                .param("minutes", minutes)
                .update();
        assertThat(steps.backlog(Duration.ofMinutes(2), Duration.ofMinutes(10)))
                .isEqualTo(new SagaSteps.Backlog(1, overdue, stuck));
    }
}
