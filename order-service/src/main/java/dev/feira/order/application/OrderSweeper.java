package dev.feira.order.application;

import dev.feira.defaults.database.DatabaseMigration;
import dev.feira.order.config.OrderProperties;
import dev.feira.order.config.SagaProperties;
import dev.feira.order.domain.ErasedCustomers;
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

/** Completes orders without an open step and erasures, counts overdue steps and deletes old keys and events, on each replica. */
@Component
class OrderSweeper {

    private static final Logger log = LoggerFactory.getLogger(OrderSweeper.class);

    private final SagaSteps steps;
    private final IdempotencyKeys keys;
    private final PaymentEvents events;
    private final ErasedCustomers erased;
    private final DatabaseMigration migration;
    private final SagaProperties saga;
    private final OrderProperties settings;
    private volatile SagaSteps.Backlog backlog = new SagaSteps.Backlog(0, 0, 0);

    OrderSweeper(
            SagaSteps steps,
            IdempotencyKeys keys,
            PaymentEvents events,
            ErasedCustomers erased,
            DatabaseMigration migration,
            SagaProperties saga,
            OrderProperties settings,
            MeterRegistry meters) {
        this.steps = steps;
        this.keys = keys;
        this.events = events;
        this.erased = erased;
        this.migration = migration;
        this.saga = saga;
        this.settings = settings;
        Gauge.builder("feira.saga.open", this, sweeper -> sweeper.backlog.open())
                .description("open steps")
                .register(meters);
        Gauge.builder("feira.saga.overdue", this, sweeper -> sweeper.backlog.overdue())
                .description("steps that are open for longer than feira.orders.saga.overdue-after")
                .register(meters);
        Gauge.builder("feira.saga.stuck", this, sweeper -> sweeper.backlog.stuck())
                .description("steps that are open for more than an hour: an operator has to look")
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
                log.error("Added the missing step of orders, which is a bug: {}", adopted);
            }
            backlog = steps.backlog(saga.overdueAfter(), saga.pendingPaymentLimit());
            if (backlog.overdue() > 0) {
                log.warn("{} of {} open steps are overdue", backlog.overdue(), backlog.open());
            }
            var deleted = keys.deleteOlderThan(settings.keepIdempotencyKeys())
                    + events.deleteOlderThan(settings.keepPaymentEvents());
            if (deleted > 0) {
                log.debug("Deleted {} old keys and payment events", deleted);
            }
            var anonymised = erased.anonymiseMissed();
            if (anonymised > 0) {
                log.info("Anonymised {} orders of erased customers", anonymised);
            }
        } catch (DataAccessException | TransactionException e) {
            log.warn("Cannot query the saga: {}", e.toString());
        }
    }
}
