package dev.feira.order.saga;

import dev.feira.defaults.database.DatabaseMigration;
import dev.feira.order.config.SagaProperties;
import dev.feira.order.saga.SagaStep.Participant;
import dev.feira.order.saga.StepListener.Point;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.EnumMap;
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

/**
 * Runs the durable steps: those of an order at once when it is told of one, and whatever is due in the table at each
 * poll, whichever replica added it. No transaction and no connection is held while another party is called.
 */
@Component
public class SagaRunner implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(SagaRunner.class);

    private final SagaSteps steps;
    private final StepHandler work;
    private final TransactionOperations transaction;
    private final DatabaseMigration migration;
    private final ObservationRegistry observations;
    private final StepListener listener;
    private final SagaProperties settings;
    private final Backoff backoff;
    private final String replica = UUID.randomUUID().toString();
    private final Map<Participant, Semaphore> places = new EnumMap<>(Participant.class);
    /** The parties for which more may be due than there are places: whoever frees a place looks for the next step. */
    private final Set<Participant> saturated = ConcurrentHashMap.newKeySet();

    private volatile boolean running;

    SagaRunner(
            SagaSteps steps,
            StepHandler work,
            TransactionOperations transaction,
            DatabaseMigration migration,
            ObservationRegistry observations,
            ObjectProvider<StepListener> listener,
            SagaProperties settings) {
        this.steps = steps;
        this.work = work;
        this.transaction = transaction;
        this.migration = migration;
        this.observations = observations;
        this.listener = listener.getIfAvailable(() -> (point, claim) -> {});
        this.settings = settings;
        this.backoff = new Backoff(settings.firstRetry(), settings.longestRetry());
        for (var participant : Participant.values()) {
            places.put(participant, new Semaphore(settings.concurrency()));
        }
    }

    /** Runs the due steps of this order now, one after the other, in a thread of its own; returns at once. */
    public void wake(UUID orderId) {
        Thread.ofVirtual().name("saga-" + orderId).start(() -> follow(orderId));
    }

    /** Runs what is due, for the orders of replicas that died and for steps that had to be tried again. */
    @Scheduled(fixedDelayString = "${feira.orders.saga.poll-interval}")
    void poll() {
        if (!running || !migration.isDone()) {
            return;
        }
        for (var participant : Participant.values()) {
            var free = places(participant).drainPermits();
            var used = 0;
            try {
                var claims = free == 0 ? List.<Claim>of() : steps.claimDue(participant, free, settings.lease(), replica);
                if (claims.size() == free) {
                    saturated.add(participant);
                }
                for (var claim : claims) {
                    used++;
                    Thread.ofVirtual().name("saga-" + claim.orderId()).start(() -> {
                        if (performWithPermit(claim)) {
                            wake(claim.orderId());
                            runDue(participant);
                        }
                    });
                }
            } catch (DataAccessException | TransactionException e) {
                log.warn("The saga cannot look for due steps: {}", e.toString());
                return;
            } finally {
                places(participant).release(free - used);
                if (saturated.contains(participant)) { // somebody found no place while this one looked
                    Thread.ofVirtual().name("saga-" + participant).start(() -> runDue(participant));
                }
            }
        }
    }

    /** Does the order's steps while there is a place for each; the rest is taken by whoever has one next. */
    private void follow(UUID orderId) {
        try {
            Optional<Participant> next;
            while (running && (next = steps.nextParticipant(orderId)).isPresent()) {
                var participant = next.get();
                // no order goes before those that are due for longer
                if (saturated.contains(participant) || !places(participant).tryAcquire()) {
                    saturated.add(participant);
                    runDue(participant);
                    return;
                }
                // claimed only with a place in hand, so that the lease runs while the work is done and not before
                Optional<Claim> claim = Optional.empty();
                try {
                    claim = steps.claimDue(orderId, participant, settings.lease(), replica);
                } finally {
                    if (claim.isEmpty()) {
                        places(participant).release();
                    }
                }
                if (claim.isEmpty()) {
                    return; // another thread or replica has it
                }
                var answered = performWithPermit(claim.get());
                if (answered && saturated.contains(participant)) {
                    Thread.ofVirtual().name("saga-" + participant).start(() -> runDue(participant));
                }
            }
        } catch (DataAccessException | TransactionException e) {
            log.warn("The saga of order {} goes on later: {}", orderId, e.toString());
        }
    }

    /**
     * Does what is due for this party, oldest first, until there is nothing left, no place, or no answer: a party that
     * is away is asked again at the next poll, and not once for each step that waits for it.
     */
    private void runDue(Participant participant) {
        try {
            while (running && saturated.contains(participant) && places(participant).tryAcquire()) {
                // before looking: what is added while this looks makes it crowded again
                saturated.remove(participant);
                var claims = List.<Claim>of();
                try {
                    claims = steps.claimDue(participant, 1, settings.lease(), replica);
                } finally {
                    if (claims.isEmpty()) {
                        places(participant).release();
                    }
                }
                for (var claim : claims) {
                    saturated.add(participant);
                    if (!performWithPermit(claim)) {
                        return;
                    }
                    wake(claim.orderId());
                }
            }
        } catch (DataAccessException | TransactionException e) {
            log.warn("The saga cannot look for due steps: {}", e.toString());
        }
    }

    /** Does a step in the place that was taken for it, and gives the place back. */
    private boolean performWithPermit(Claim claim) {
        try {
            return perform(claim);
        } finally {
            places(claim.step().participant()).release();
        }
    }

    /** Returns whether the other party answered. */
    private boolean perform(Claim claim) {
        try (var _ = MDC.putCloseable("orderId", claim.orderId().toString())) {
            var name = claim.step().name().toLowerCase(Locale.ROOT).replace('_', '-');
            return Boolean.TRUE.equals(Observation.createNotStarted("feira.saga.step", observations)
                    .contextualName("saga " + name)
                    .lowCardinalityKeyValue("step", claim.step().name())
                    .highCardinalityKeyValue("order", claim.orderId().toString())
                    .observe(() -> attempt(claim)));
        } catch (DataAccessException | TransactionException e) {
            // the lease ends by itself, and the step is done again
            log.warn("Step {} of order {} could not be recorded: {}", claim.step(), claim.orderId(), e.toString());
            return false;
        }
    }

    private boolean attempt(Claim claim) {
        listener.reached(Point.CLAIMED, claim);
        StepHandler.StepResult result;
        try {
            result = work.perform(claim);
        } catch (RuntimeException e) {
            log.warn(
                    "Step {} of order {}, attempt {}: {}",
                    claim.step(),
                    claim.orderId(),
                    claim.attempt(),
                    e.toString());
            log.debug("The failure in full", e);
            postpone(claim, e.toString());
            return false;
        }
        listener.reached(Point.ANSWERED, claim);
        switch (result) {
            case StepHandler.StepResult.Completed(var effect) -> record(claim, effect);
            case StepHandler.StepResult.Pending(var why) -> postpone(claim, why);
        }
        return true;
    }

    private void record(Claim claim, Runnable effect) {
        try {
            transaction.executeWithoutResult(status -> {
                if (steps.finish(claim)) {
                    effect.run();
                    listener.reached(Point.RECORDED, claim);
                } else {
                    log.info("Step {} of order {} was decided elsewhere", claim.step(), claim.orderId());
                    status.setRollbackOnly();
                }
            });
        } catch (IllegalStateException | IllegalArgumentException | NullPointerException e) {
            // a bug: the order stays where it is and the step comes back, seldom, until someone mends it
            log.error("Step {} of order {} cannot be recorded", claim.step(), claim.orderId(), e);
            postpone(claim, e.toString());
            return;
        }
        listener.reached(Point.COMMITTED, claim);
    }

    private void postpone(Claim claim, String why) {
        steps.postpone(claim, backoff.after(claim.attempt(), ThreadLocalRandom.current()), why);
    }

    private Semaphore places(Participant participant) {
        return Objects.requireNonNull(places.get(participant));
    }

    @Override
    public void start() {
        running = true;
    }

    /** Begins nothing new and lets what is under way end, for as long as a step may take. */
    @Override
    public void stop() {
        running = false;
        // one limit for all parties: their steps end at the same time
        var deadline = System.nanoTime() + settings.lease().toNanos();
        for (var places : places.values()) {
            try {
                if (places.tryAcquire(settings.concurrency(), deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    places.release(settings.concurrency());
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
