package dev.feira.order.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feira.order.domain.IdempotencyKey;
import dev.feira.order.domain.IdempotencyKeys;
import dev.feira.order.domain.RecordedResponse;
import dev.feira.order.fixtures.Replica;
import dev.feira.order.fixtures.TestEnvironment;
import dev.feira.order.fixtures.Watch;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Tests placement on a slow database: a slow order is placed, one after the deadline is rolled back. */
class OrderPlacementTests {

    private TestEnvironment environment;
    private Replica shop;

    @BeforeEach
    void open() {
        environment = new TestEnvironment();
        environment.catalog.sells("A-1", "1.00", 10);
        shop = environment.start(List.of(Watch.class));
        sql("""
                create function slow_insert() returns trigger language plpgsql as
                $$ begin perform pg_sleep(tg_argv[0]::float8); return new; end $$""");
    }

    @AfterEach
    void close() {
        environment.close();
    }

    private void sql(String statement) {
        shop.bean(JdbcClient.class).sql(statement).update();
    }

    private void placementTakes(double seconds) {
        sql("create trigger slow_insert before insert on orders for each row execute function slow_insert(" + seconds
                + ")");
    }

    @Test
    void placesOrderOnSlowDatabase() {
        placementTakes(2.5);

        assertThat(shop.place("ana", "A-1", 1, "tok_good").status()).isEqualTo(201);
    }

    @Test
    void rollsBackOrderAndKeyAtStatementTimeout() {
        placementTakes(4);
        var key = "placed-too-slowly-0001";

        var late = shop.place("ana", "A-1", 1, "tok_good", "Idempotency-Key", key);
        assertThat(late.status()).isEqualTo(503);
        assertThat(late.response().headers().firstValue("Retry-After")).isPresent();
        assertThat(shop.bean(JdbcClient.class)
                        .sql("select count(*) from orders")
                        .query(Integer.class)
                        .single())
                .isZero();

        sql("drop trigger slow_insert on orders");
        assertThat(shop.place("ana", "A-1", 1, "tok_good", "Idempotency-Key", key)
                        .status())
                .isEqualTo(201);
    }

    @Test
    void rollsBackKeyWhenDeadlinePassesInTransaction() {
        var key = new IdempotencyKey("ana", "placed-after-the-deadline", "fingerprint");
        var watch = shop.bean(Watch.class);
        assertThatThrownBy(() -> shop.bean(IdempotentExecution.class)
                        .execute(key, new NoResponse(), id -> id, attempt -> {
                            var id = UUID.randomUUID();
                            attempt.commit(id, id, Duration.ofSeconds(1), () -> watch.advances(Duration.ofSeconds(5)));
                            return () -> id;
                        }))
                .isInstanceOf(QueryTimeoutException.class);

        assertThat(shop.bean(IdempotencyKeys.class).find(key)).isEmpty();
    }

    /** For an operation that ends before its response. */
    private static final class NoResponse implements ResponseWriter<UUID> {

        @Override
        public RecordedResponse created(UUID created) {
            throw new AssertionError("a response to " + created);
        }

        @Override
        public RecordedResponse rejected(InvalidOrder rejection) {
            throw new AssertionError("a rejection", rejection);
        }
    }
}
