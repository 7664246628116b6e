package dev.feira.events.inbox;

import dev.feira.defaults.tracing.TraceContinuation;
import dev.feira.events.CloudEvent;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Applies events. One transaction has the effect, the event's id, and the position in the feed where there is one: a crash at any
 * moment leaves all or none. An event that fails is kept for later, with those of the same subject after it; the others go on.
 *
 * @see <a href="https://microservices.io/patterns/communication-style/idempotent-consumer.html">Idempotent consumer</a>
 */
final class EventReceiver {

    private static final Logger log = LoggerFactory.getLogger(EventReceiver.class);
    private static final int LONGEST_ERROR = 300;

    private final Inbox inbox;
    private final Map<String, EventHandler> handlers;
    private final TransactionOperations transactions;
    private final ObservationRegistry observations;
    private final InboxProperties settings;

    EventReceiver(
            Inbox inbox,
            Collection<EventHandler> handlers,
            TransactionOperations transactions,
            ObservationRegistry observations,
            InboxProperties settings) {
        this.inbox = inbox;
        this.handlers = handlers.stream().collect(Collectors.toMap(EventHandler::feed, Function.identity()));
        this.transactions = transactions;
        this.observations = observations;
        this.settings = settings;
    }

    Set<String> feeds() {
        return handlers.keySet();
    }

    /**
     * Applies the events of a batch in their order.
     *
     * @param position the position before the batch
     * @return the number of events that this replica has moved past
     */
    int receive(String feed, String position, List<CloudEvent> batch) {
        var from = position;
        for (var done = 0; done < batch.size(); done++) {
            var event = batch.get(done);
            var before = from;
            if (!receive(feed, event, () -> inbox.move(feed, before, event.position()))) {
                return done;
            }
            from = event.position();
        }
        return batch.size();
    }

    /**
     * Applies an event of a transport that keeps the position itself. It may pass an event again, or to two replicas: the second
     * waits for the first, and skips it.
     */
    void receive(String feed, CloudEvent event) {
        receive(feed, event, () -> true);
    }

    /** Parks at once what no attempt can apply. */
    void park(String feed, CloudEvent event, RuntimeException failure) {
        log.error("Event {} of {} is parked: {}. Staff can drop it.", event.id(), feed, summary(failure));
        transactions.executeWithoutResult(_ -> {
            if (inbox.receive(feed, event)) {
                inbox.defer(feed, event, settings.attempts(), null, summary(failure));
            }
        });
    }

    private boolean receive(String feed, CloudEvent event, BooleanSupplier move) {
        var observation = isHandled(feed, event) ? observation(feed, event) : Observation.NOOP;
        return Boolean.TRUE.equals(observation.observe(() -> {
            try {
                return apply(feed, event, move, null);
            } catch (RuntimeException e) {
                if (isOutage(e)) {
                    throw e; // nothing is wrong with the event
                }
                observation.error(e);
                log.warn("Event {} of {} cannot be applied yet: {}", event.id(), event.subject(), summary(e));
                return apply(feed, event, move, e);
            }
        }));
    }

    /** Returns an observation of one attempt, in the trace of the change that the event tells about. */
    private Observation observation(String feed, CloudEvent event) {
        return Observation.createNotStarted(
                        "feira.event", () -> TraceContinuation.context(event.traceparent()), observations)
                .contextualName("apply " + event.type())
                .lowCardinalityKeyValue("feed", feed)
                .lowCardinalityKeyValue("type", event.type());
    }

    /**
     * Applies an event in a transaction.
     *
     * @param move moves the position in the same transaction; returns false if another replica has done it
     * @param failure of the first attempt, after which the event is kept for later
     */
    private boolean apply(String feed, CloudEvent event, BooleanSupplier move, @Nullable RuntimeException failure) {
        return Boolean.TRUE.equals(transactions.execute(_ -> {
            if (!move.getAsBoolean()) {
                return false;
            }
            if (!isHandled(feed, event) || !inbox.receive(feed, event)) {
                return true;
            }
            if (handler(feed).finalTypes().contains(event.type())) {
                inbox.dropOf(feed, event.subject());
            }
            if (failure != null) {
                inbox.defer(feed, event, 1, rest(1), summary(failure));
            } else if (inbox.isBlocked(feed, event)) {
                inbox.defer(feed, event, 0, Duration.ZERO, null);
            } else {
                handle(feed, event);
            }
            return true;
        }));
    }

    private void handle(String feed, CloudEvent event) {
        var handler = handler(feed);
        if (!handler.types().contains(event.type())) {
            throw new IllegalArgumentException(
                    "the version of %s is unknown: this service is older than the sender".formatted(event.type()));
        }
        handler.handle(event);
    }

    /** Returns whether the service applies events of this type, in any version. */
    boolean isHandled(String feed, CloudEvent event) {
        var name = withoutVersion(event.type());
        return handler(feed).types().stream()
                .anyMatch(type -> withoutVersion(type).equals(name));
    }

    private static String withoutVersion(String type) {
        return type.replaceFirst("\\.v\\d+$", "");
    }

    private EventHandler handler(String feed) {
        return Objects.requireNonNull(handlers.get(feed));
    }

    /** Tries events again that are due; each in a transaction of its own. */
    void retryDue(String feed) {
        while (retryNext(feed)) {
            // until none is due
        }
    }

    /** Returns how long a reader may wait for events: until the next kept event is due, at most the configured wait. */
    Duration untilDue(String feed, Instant now) {
        return inbox.nextDue(feed)
                .map(due -> due.isAfter(now) ? Duration.between(now, due) : Duration.ZERO)
                .filter(due -> due.compareTo(settings.longestWait()) < 0)
                .orElse(settings.longestWait());
    }

    private boolean retryNext(String feed) {
        try (var attempt = new Attempt()) {
            try {
                return Boolean.TRUE.equals(transactions.execute(_ -> inbox.due(feed)
                        .map(deferred -> {
                            attempt.begin(deferred, observation(feed, deferred.event()));
                            inbox.remove(deferred);
                            handle(feed, deferred.event());
                            return true;
                        })
                        .orElse(false)));
            } catch (RuntimeException e) {
                attempt.observation.error(e);
                if (attempt.deferred == null || isOutage(e)) {
                    throw e;
                }
                retryLater(attempt.deferred, e);
                return true;
            }
        }
    }

    /** Another attempt of a kept event, which begins within its transaction and ends after it. */
    private static final class Attempt implements AutoCloseable {

        private Inbox.@Nullable Deferred deferred;
        private Observation observation = Observation.NOOP;
        private Observation.Scope scope = Observation.Scope.NOOP;

        void begin(Inbox.Deferred due, Observation observed) {
            deferred = due;
            observation = observed.start();
            scope = observed.openScope();
        }

        @Override
        public void close() {
            scope.close();
            observation.stop();
        }
    }

    private void retryLater(Inbox.Deferred deferred, RuntimeException e) {
        var attempts = deferred.attempts() + 1;
        var isLast = attempts >= settings.attempts();
        transactions.executeWithoutResult(_ -> inbox.retryLater(deferred, isLast ? null : rest(attempts), summary(e)));
        if (isLast) {
            log.error(
                    "Event {} of {} is parked after {} attempts: {}. Staff can try or drop it.",
                    deferred.event().id(),
                    deferred.event().subject(),
                    attempts,
                    summary(e));
        }
    }

    private Duration rest(int attempts) {
        var doubled = settings.firstRetry().multipliedBy(1L << Math.min(attempts - 1, 20));
        return doubled.compareTo(settings.longestRetry()) < 0 ? doubled : settings.longestRetry();
    }

    /** Whether the own database is at fault, and not the event; PostgreSQL's classes 08, 53, 57 and 58 are resource failures. */
    private static boolean isOutage(RuntimeException e) {
        return e instanceof CannotCreateTransactionException
                || e instanceof TransactionSystemException
                || e instanceof RecoverableDataAccessException
                || (e instanceof DataAccessResourceFailureException && !isOfTheData(e));
    }

    /** Spring counts class 54, a limit that the data exceed, as a resource failure, too. */
    private static boolean isOfTheData(RuntimeException e) {
        return NestedExceptionUtils.getMostSpecificCause(e) instanceof SQLException sql
                && String.valueOf(sql.getSQLState()).startsWith("54");
    }

    private static String summary(Throwable e) {
        var root = NestedExceptionUtils.getMostSpecificCause(e);
        var line = root.getClass().getSimpleName() + ": "
                + String.valueOf(root.getMessage()).lines().findFirst().orElse("");
        return line.length() <= LONGEST_ERROR ? line : line.substring(0, LONGEST_ERROR);
    }
}
