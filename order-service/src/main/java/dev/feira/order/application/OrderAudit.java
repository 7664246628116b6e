package dev.feira.order.application;

import dev.feira.defaults.audit.AuditRunner;
import dev.feira.order.catalog.CatalogUnavailable;
import dev.feira.order.config.OrderProperties;
import dev.feira.order.payment.PaymentsUnavailable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** Compares all orders on request, in the background: a large shop takes longer than a request may wait. */
@Service
public class OrderAudit {

    /** How long the result is kept for a client that has not asked again yet. */
    private static final Duration RESULT_KEPT = Duration.ofMinutes(1);

    private final OrderReconciliation reconciliation;
    private final AuditRunner runner;
    private final OrderProperties settings;
    private final Clock clock;

    /** Guarded by this, as is {@link #finishedAt}. */
    private @Nullable CompletableFuture<AuditReport> requested;

    private Instant finishedAt = Instant.MAX;

    /** Thrown when the audit takes longer than the client waits; the next request returns its result. */
    public static final class UnderWay extends RuntimeException {
        UnderWay() {
            super("The audit is still running.");
        }
    }

    OrderAudit(OrderReconciliation reconciliation, AuditRunner runner, OrderProperties settings, Clock clock) {
        this.reconciliation = reconciliation;
        this.runner = runner;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Compares all orders, or joins an audit that is running.
     *
     * @throws UnderWay it takes longer than {@code feira.orders.audit-wait}
     * @throws CatalogUnavailable the reservations could not be read
     * @throws PaymentsUnavailable the ledger could not be read
     */
    public AuditReport audit() {
        var audit = startOrJoin();
        try {
            var report = audit.get(settings.auditWait().toMillis(), TimeUnit.MILLISECONDS);
            discard(audit);
            return report;
        } catch (TimeoutException _) {
            throw new UnderWay();
        } catch (ExecutionException e) {
            discard(audit);
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnderWay();
        }
    }

    private synchronized CompletableFuture<AuditReport> startOrJoin() {
        var current = requested;
        if (current == null || isExpired(current)) {
            var started = new CompletableFuture<AuditReport>();
            Thread.ofVirtual().name("audit").start(() -> run(started));
            requested = started;
            finishedAt = Instant.MAX;
            return started;
        }
        return current;
    }

    private boolean isExpired(CompletableFuture<AuditReport> audit) {
        return audit.isDone() && finishedAt.isBefore(clock.instant().minus(RESULT_KEPT));
    }

    private synchronized void discard(CompletableFuture<AuditReport> audit) {
        if (requested == audit) {
            requested = null;
        }
    }

    private void run(CompletableFuture<AuditReport> audit) {
        try {
            var report = runner.run(reconciliation::checkAll);
            finished();
            audit.complete(report);
        } catch (Throwable e) {
            finished();
            audit.completeExceptionally(e);
        }
    }

    private synchronized void finished() {
        finishedAt = clock.instant();
    }
}
