package dev.feira.order.application;

import dev.feira.defaults.database.DatabaseMigration;
import dev.feira.order.config.OrderProperties;
import dev.feira.order.config.SagaProperties;
import dev.feira.order.domain.IdempotencyKeys;
import dev.feira.order.domain.PaymentEvents;
import dev.feira.order.saga.SagaSteps;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** Looks for orders that nobody works on, counts what is overdue, and forgets what is old. Any replica may. */
@Component
class OrderSweeper {

    private static final Logger log = LoggerFactory.getLogger(OrderSweeper.class);

    private final SagaSteps steps;
    private final IdempotencyKeys keys;
    private final PaymentEvents events;
    private final DatabaseMigration migration;
    private final SagaProperties saga;
    private final OrderProperties settings;
    private volatile SagaSteps.Backlog backlog = new SagaSteps.Backlog(0, 0, 0);

    OrderSweeper(
            SagaSteps steps,
            IdempotencyKeys keys,
            PaymentEvents events,
            DatabaseMigration migration,
            SagaProperties saga,
            OrderProperties settings,
            MeterRegistry meters) {
        this.steps = steps;
        this.keys = keys;
        this.events = events;
        this.migration = migration;
        this.saga = saga;
        this.settings = settings;
        Gauge.builder("feira.saga.open", this, sweeper -> sweeper.backlog.open())
                .description("steps without an answer")
                .register(meters);
        Gauge.builder("feira.saga.overdue", this, sweeper -> sweeper.backlog.overdue())
                .description("steps without an answer for longer than feira.orders.saga.overdue-after")
                .register(meters);
        Gauge.builder("feira.saga.stuck", this, sweeper -> sweeper.backlog.stuck())
                .description("steps without an answer for more than an hour: someone has to look")
                .register(meters);
    }

    @Scheduled(fixedDelayString = "${feira.orders.saga.sweep-interval}")
    void sweep() {
        if (!migration.isDone()) {
            return;
        }
        try {
            var adopted = steps.adoptOrphans(saga.overdueAfter());
            if (!adopted.isEmpty()) {
                log.error("Orders without an open step were taken up again, which is a bug: {}", adopted);
            }
            backlog = steps.backlog(saga.overdueAfter(), saga.pendingPaymentLimit());
            if (backlog.overdue() > 0) {
                log.warn("{} steps of the saga are overdue, of {} open", backlog.overdue(), backlog.open());
            }
            var forgotten = keys.deleteOlderThan(settings.keepIdempotencyKeys())
                    + events.deleteOlderThan(settings.keepPaymentEvents());
            if (forgotten > 0) {
                log.debug("Forgot {} old keys and payment events", forgotten);
            }
        } catch (DataAccessException | TransactionException e) {
            log.warn("The sweeper could not look: {}", e.toString());
        }
    }
}
