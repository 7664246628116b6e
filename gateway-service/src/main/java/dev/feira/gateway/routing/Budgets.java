package dev.feira.gateway.routing;

import dev.feira.gateway.problem.GatewayProblem;
import dev.feira.gateway.problem.ProblemException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.springframework.stereotype.Component;

/**
 * How many requests of each class of traffic are on their way at one time. Browsing that overflows is shed; it cannot
 * take the places of those who pay, nor can people who wait for their order take them.
 */
@Component
class Budgets {

    /**
     * How long others need not wait for a place once somebody was sent away: as long as this happens again and again, nobody
     * waits, since whoever waits in vain has cost all that comes before the place. Short for whoever comes when it is over.
     */
    static final Duration CROWDED = Duration.ofMillis(250);

    private final Map<String, Budget> budgets = new ConcurrentHashMap<>();

    Budgets(ForwardingProperties settings, MeterRegistry metrics) {
        settings.traffic()
                .forEach((name, traffic) -> budgets.put(name, new Budget(name, traffic, metrics, System::nanoTime)));
    }

    /** The budget of a class of traffic. */
    Budget of(String traffic) {
        return Objects.requireNonNull(
                budgets.get(traffic), () -> "feira.gateway.forwarding.traffic." + traffic + " is missing");
    }

    static final class Budget {

        private final String name;
        private final ForwardingProperties.Traffic traffic;
        private final Semaphore places;
        private final Counter shed;
        private final LongSupplier nanoTime;
        private volatile long crowdedUntil;

        Budget(String name, ForwardingProperties.Traffic traffic, MeterRegistry metrics, LongSupplier nanoTime) {
            this.name = name;
            this.traffic = traffic;
            this.nanoTime = nanoTime;
            this.crowdedUntil = nanoTime.getAsLong();
            this.places = new Semaphore(traffic.concurrent(), true);
            this.shed = metrics.counter("feira.gateway.shed", "traffic", name);
            Gauge.builder("feira.gateway.places.used", places, free -> traffic.concurrent() - free.availablePermits())
                    .tag("traffic", name)
                    .register(metrics);
            Gauge.builder("feira.gateway.places.waiting", places, Semaphore::getQueueLength)
                    .tag("traffic", name)
                    .register(metrics);
        }

        Duration deadline() {
            return traffic.deadline();
        }

        Duration attempt() {
            return traffic.attempt();
        }

        /**
         * Takes a place, waiting for it as long as the class allows.
         *
         * @throws ProblemException 429 where there is none
         */
        Place enter() {
            try {
                if (places.tryAcquire(traffic.queue().toNanos(), TimeUnit.NANOSECONDS)) {
                    return new Place(places, new AtomicBoolean());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new ProblemException(shed());
        }

        /**
         * Whether whoever comes now would wait in vain: as many wait as have a place, or somebody was sent away just now and
         * no place is free yet.
         */
        boolean isCrowded() {
            return places.getQueueLength() >= traffic.concurrent()
                    || places.availablePermits() == 0 && nanoTime.getAsLong() - crowdedUntil < 0;
        }

        /** Counts one more for whom there is no place, and returns what it is told: 429. */
        GatewayProblem shed() {
            crowdedUntil = nanoTime.getAsLong() + CROWDED.toNanos();
            shed.increment();
            return GatewayProblem.overloaded(Duration.ofSeconds(1));
        }
    }

    /** One place; given back once, however often it is closed. */
    record Place(Semaphore places, AtomicBoolean left) implements AutoCloseable {

        @Override
        public void close() {
            if (left.compareAndSet(false, true)) {
                places.release();
            }
        }
    }
}
