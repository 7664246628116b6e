package dev.feira.order.saga;

import dev.feira.defaults.database.DatabaseMigration;
import dev.feira.defaults.tracing.TraceContinuation;
import dev.feira.order.config.SagaProperties;
import dev.feira.order.domain.Order;
import dev.feira.order.domain.OrderChange;
import dev.feira.order.saga.SagaStep.Participant;
import dev.feira.order.saga.StepAttempt.Outcome;
import dev.feira.order.saga.StepHandler.StepResult;
import dev.feira.order.saga.StepListener.Point;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Runs the steps. A step is claimed by the transaction that adds it, if a permit is free, and runs when that transaction
 * has committed. Polling claims all other due steps: retries, and steps of replicas that died. No transaction and no
 * connection is held while a participant is called. Each attempt, in any replica, belongs to the trace of the change that
 * added the step.
 */
@Component
public class SagaRunner implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(SagaRunner.class);

    private final SagaSteps steps;
    private final StepHandler handler;
    private final TransactionOperations transaction;
    private final DatabaseMigration migration;
    private final ObservationRegistry observations;
    private final StepListener listener;
    private final SagaProperties settings;
    private final Backoff backoff;
    private final String replica = replicaName();
    private final Map<Participant, Semaphore> permits = new EnumMap<>(Participant.class);
    /**
     * The participants for which steps may wait for a permit. New steps then queue behind those, and each permit that is
     * released claims due steps.
     */
    private final Set<Participant> backlogged = ConcurrentHashMap.newKeySet();

    private volatile boolean running;

    SagaRunner(
            SagaSteps steps,
            StepHandler handler,
            TransactionOperations transaction,
            DatabaseMigration migration,
            ObservationRegistry observations,
            ObjectProvider<StepListener> listener,
            SagaProperties settings) {
        this.steps = steps;
        this.handler = handler;
        this.transaction = transaction;
        this.migration = migration;
        this.observations = observations;
        this.listener = listener.getIfAvailable(() -> (point, claim) -> {}); // tests kill the process at its points
        this.settings = settings;
        this.backoff = new Backoff(settings.firstRetry(), settings.longestRetry());
        for (var participant : Participant.values()) {
            permits.put(participant, new Semaphore(settings.concurrency()));
        }
    }

    /** Returns the name of the host, which is the pod's in Kubernetes, and a random part: replicas may share a host. */
    private static String replicaName() {
        return "%s-%s"
                .formatted(
                        System.getenv().getOrDefault("HOSTNAME", "order-service"),
                        UUID.randomUUID().toString().substring(0, 4));
    }

    /** Adds the first step of a new order, in the caller's transaction. */
    public void start(Order order) {
        SagaPlan.next(order.status(), order.paymentStatus()).ifPresent(step -> append(order, step));
    }

    /**
     * Adds the steps that a change of an order requires, in the caller's transaction.
     *
     * @param attempted the steps whose effect may exist although the order does not show it
     */
    public void follow(OrderChange change, Set<SagaStep> attempted) {
        SagaPlan.after(change, attempted).forEach(step -> append(change.after(), step));
    }

    private void append(Order order, SagaStep step) {
        if (step == SagaStep.AWAIT_PAYMENT) {
            steps.append(order.id(), step, settings.firstRetry());
        } else if (tryAcquire(step.participant())) {
            appendClaimed(order, step);
        } else {
            steps.append(order.id(), step, Duration.ZERO);
            afterTransaction(() -> wake(step.participant()), () -> {});
        }
    }

    private void appendClaimed(Order order, SagaStep step) {
        var permit = permits(step.participant());
        var claimed = Optional.<Claim>empty();
        try {
            claimed = steps.appendClaimed(order, step, settings.lease(), replica);
        } finally {
            if (claimed.isEmpty()) {
                permit.release();
            }
        }
        claimed.ifPresent(claim ->
                afterTransaction(() -> startThread(claim.orderId(), () -> run(claim)), permit::release));
    }

    private static void afterTransaction(Runnable committed, Runnable rolledBack) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            private boolean done;

            @Override
            public void afterCommit() {
                done = true;
                committed.run();
            }

            @Override
            public void afterCompletion(int status) {
                if (!done) {
                    rolledBack.run();
                }
            }
        });
    }

    /** Runs due steps for this participant now; returns at once. */
    public void wake(Participant participant) {
        startThread(participant, () -> runDue(participant));
    }

    private static void startThread(Object name, Runnable work) {
        Thread.ofVirtual().name("saga-" + name).start(work);
    }

    /** Claims due steps: those of replicas that died and those to retry. */
    @Scheduled(fixedDelayString = "${feira.orders.saga.poll-interval}")
    void poll() {
        if (!running || !migration.isDone()) {
            return;
        }
        for (var participant : Participant.values()) {
            runDue(participant);
        }
    }

    /** Takes a permit, unless older steps are waiting for one. */
    private boolean tryAcquire(Participant participant) {
        if (running && !backlogged.contains(participant) && permits(participant).tryAcquire()) {
            return true;
        }
        backlogged.add(participant);
        return false;
    }

    /**
     * Claims due steps, oldest first, as many as there are free permits, and runs each in a thread of its own. So no lease
     * runs while a step waits for a permit.
     */
    private void runDue(Participant participant) {
        backlogged.add(participant); // before looking for permits: a step that ends from now on calls this again
        var free = running ? permits(participant).drainPermits() : 0;
        if (free == 0) {
            return;
        }
        backlogged.remove(participant); // before the query: a step that is added from now on sets it again
        var claims = List.<Claim>of();
        try {
            claims = steps.claimDue(participant, free, settings.lease(), replica);
        } catch (DataAccessException | TransactionException e) {
            log.warn("Cannot claim due steps: {}", e.toString());
            return;
        } finally {
            permits(participant).release(free - claims.size());
        }
        claims.forEach(claim -> startThread(claim.orderId(), () -> run(claim)));
        if (claims.size() == free) {
            backlogged.add(participant);
        } else if (backlogged.contains(participant)) {
            wake(participant);
        }
    }

    /** Runs a claimed step, then the steps that wait for its permit; without a result, the next poll does this. */
    private void run(Claim claim) {
        var participant = claim.step().participant();
        if (perform(claim) && backlogged.contains(participant)) {
            runDue(participant);
        }
    }

    /** Runs a claimed step and releases its permit. Returns whether the participant responded. */
    private boolean perform(Claim claim) {
        try (var _ = MDC.putCloseable("orderId", claim.orderId().toString())) {
            var name = claim.step().name().toLowerCase(Locale.ROOT).replace('_', '-');
            var observation = Observation.createNotStarted(
                            "feira.saga.step", () -> TraceContinuation.context(claim.traceparent()), observations)
                    .contextualName("saga " + name)
                    .lowCardinalityKeyValue("step", claim.step().name())
                    .highCardinalityKeyValue("order", claim.orderId().toString());
            return Boolean.TRUE.equals(observation.observe(() -> callAndRecord(claim, observation)));
        } finally {
            permits(claim.step().participant()).release();
        }
    }

    /** @param observation is told of a failure, which the step survives */
    private boolean callAndRecord(Claim claim, Observation observation) {
        try {
            return call(claim, observation);
        } catch (DataAccessException | TransactionException e) {
            observation.error(e);
            // the lease expires and the step runs again
            log.warn("Cannot record step {} of order {}: {}", claim.step(), claim.orderId(), e.toString());
            return false;
        }
    }

    /** Calls the participant and records the result, or postpones the step. Returns whether the participant responded. */
    private boolean call(Claim claim, Observation observation) {
        listener.reached(Point.CLAIMED, claim);
        StepResult result;
        try {
            result = handler.perform(claim);
        } catch (RuntimeException e) {
            observation.error(e);
            log.warn(
                    "Step {} of order {} failed, attempt {}: {}",
                    claim.step(),
                    claim.orderId(),
                    claim.attempt(),
                    e.toString());
            log.debug("Stack trace of the failed step", e);
            postpone(claim, Outcome.FAILED, e.toString());
            return false;
        }
        listener.reached(Point.RESPONDED, claim);
        switch (result) {
            case StepResult.Completed completed -> record(claim, completed);
            case StepResult.Pending(var reason) -> postpone(claim, Outcome.PENDING, reason);
        }
        return true;
    }

    /** Finishes the step, changes the order and adds the next steps, in one transaction. */
    private void record(Claim claim, StepResult.Completed completed) {
        try {
            transaction.executeWithoutResult(status -> {
                var version = steps.finish(claim);
                if (version.isEmpty()) {
                    log.info("Step {} of order {} was abandoned or claimed again", claim.step(), claim.orderId());
                    return;
                }
                afterTransaction(() -> listener.reached(Point.COMMITTED, claim), () -> {});
                follow(completed.change().apply(version.getAsInt()), attempted(claim));
                listener.reached(Point.RECORDED, claim);
            });
        } catch (IllegalStateException | IllegalArgumentException | NullPointerException e) {
            // a bug: the order stays as it is, and the step is retried at growing intervals until the bug is fixed
            log.error("Cannot record step {} of order {}", claim.step(), claim.orderId(), e);
            postpone(claim, Outcome.FAILED, e.toString());
        }
    }

    /**
     * Returns RESERVE_STOCK if stock may be reserved: by an earlier attempt without a result, or since a later step runs. A
     * first attempt that was rejected has no effect.
     */
    private static Set<SagaStep> attempted(Claim claim) {
        return claim.step() == SagaStep.RESERVE_STOCK && claim.attempt() == 1
                ? EnumSet.noneOf(SagaStep.class)
                : EnumSet.of(SagaStep.RESERVE_STOCK);
    }

    private void postpone(Claim claim, Outcome outcome, String reason) {
        if (steps.postpone(claim, backoff.after(claim.attempt(), ThreadLocalRandom.current()), outcome, reason)) {
            wake(claim.step().participant());
        }
    }

    private Semaphore permits(Participant participant) {
        return Objects.requireNonNull(permits.get(participant));
    }

    @Override
    public void start() {
        running = true;
    }

    /** Claims no more steps and waits for the running ones, for at most one lease. */
    @Override
    public void stop() {
        running = false;
        var deadline = System.nanoTime() + settings.lease().toNanos();
        for (var semaphore : permits.values()) {
            try {
                if (semaphore.tryAcquire(settings.concurrency(), deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    semaphore.release(settings.concurrency());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Stops after the web server, whose last requests may still wait for an order. */
    @Override
    public int getPhase() {
        return SmartLifecycle.DEFAULT_PHASE - 4096;
    }
}
