package dev.feira.order.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.order.domain.IdempotencyKey;
import dev.feira.order.domain.PaymentEvent;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

class RetentionTests {

    private static final Duration DAY = Duration.ofDays(1);
    private static JdbcClient jdbc;
    private static TransactionTemplate transaction;

    @BeforeAll
    static void migrate() {
        var database = MigratedDatabase.fresh();
        jdbc = database.jdbc();
        transaction = database.transaction();
    }

    @Test
    void deletesIdempotencyKeysAfterRetention() {
        var keys = new JdbcIdempotencyKeys(jdbc);
        var old = new IdempotencyKey("ana", "old", "print");
        var young = new IdempotencyKey("ana", "young", "print");
        transaction.executeWithoutResult(status -> {
            keys.claim(old, null, null, Duration.ZERO);
            keys.claim(young, null, null, Duration.ZERO);
        });
        jdbc.sql("update idempotency_keys set created_at = now() - interval '25 hours' where value = 'old'")
                .update();
        jdbc.sql("update idempotency_keys set created_at = now() - interval '23 hours' where value = 'young'")
                .update();
        assertThat(keys.deleteOlderThan(DAY)).isEqualTo(1);
        assertThat(keys.find(old)).isEmpty();
        assertThat(keys.find(young)).isPresent();
    }

    @Test
    void deletesPaymentEventsAfterRetention() {
        var events = new JdbcPaymentEvents(jdbc);
        var old = new PaymentEvent("old", "charge.succeeded", "ch_1", UUID.randomUUID());
        var young = new PaymentEvent("young", "charge.succeeded", "ch_1", UUID.randomUUID());
        add(events, old, young);
        jdbc.sql("update payment_events set received_at = now() - interval '25 hours' where id = 'old'")
                .update();
        jdbc.sql("update payment_events set received_at = now() - interval '23 hours' where id = 'young'")
                .update();
        assertThat(events.deleteOlderThan(DAY)).isEqualTo(1);
        assertThat(added(events, old)).isTrue();
        assertThat(added(events, young)).isFalse();
    }

    private static boolean added(JdbcPaymentEvents events, PaymentEvent event) {
        return Boolean.TRUE.equals(transaction.execute(status -> events.add(event)));
    }

    private static void add(JdbcPaymentEvents events, PaymentEvent... all) {
        for (var event : all) {
            assertThat(added(events, event)).isTrue();
        }
    }
}
