package dev.feira.order.application;

import dev.feira.order.config.PlacementProperties;
import dev.feira.order.domain.IdempotencyKey;
import dev.feira.order.domain.IdempotencyKeys;
import dev.feira.order.domain.RecordedResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Runs an operation once for each Idempotency-Key. The key and what the operation creates are committed together. The
 * response is recorded before it is sent; a repeated request gets the same bytes. A lease marks a request without a
 * response as in flight; when its process dies, the lease expires and the next request records the response.
 *
 * @see <a href="https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/">The Idempotency-Key header</a>
 */
@Component
class IdempotentExecution {

    private static final Logger log = LoggerFactory.getLogger(IdempotentExecution.class);
    private static final long PAUSE_NANOS = Duration.ofMillis(50).toNanos();

    private final IdempotencyKeys keys;
    private final PlatformTransactionManager transactions;
    private final PlacementProperties settings;
    private final Clock clock;

    IdempotentExecution(
            IdempotencyKeys keys, PlatformTransactionManager transactions, PlacementProperties settings, Clock clock) {
        this.keys = keys;
        this.transactions = transactions;
        this.settings = settings;
        this.clock = clock;
    }

    /** Creates a T. */
    @FunctionalInterface
    interface Operation<T> {

        /**
         * Checks the request, then commits what it creates with {@link Attempt#commit}.
         *
         * @return reads what was created for the response; called again while the database is unavailable, and not at all if
         *     the response was recorded by the commit
         * @throws InvalidOrder the request is rejected, which is recorded as its response
         */
        Supplier<T> run(Attempt<T> attempt);
    }

    /**
     * Runs the operation, or returns the response of the earlier request with this key.
     *
     * @param load reads what an earlier request created
     * @throws IdempotencyProblem the key was used for another request, or its first request is in flight
     * @throws QueryTimeoutException the deadline has passed: nothing was committed, the key is unused
     */
    <T> RecordedResponse execute(
            IdempotencyKey key, ResponseWriter<T> writer, Function<UUID, T> load, Operation<T> operation) {
        var deadline = clock.instant().plus(settings.timeout());
        var recorded = recorded(key, writer, load);
        if (recorded.isPresent()) {
            return recorded.get();
        }
        try {
            return run(new Attempt<>(key, writer, deadline), operation);
        } catch (IdempotencyProblem.InFlight _) { // another request with the key has committed first
            // empty only if the key was deleted meanwhile
            return recorded(key, writer, load).orElseThrow(IdempotencyProblem.InFlight::new);
        }
    }

    private <T> RecordedResponse run(Attempt<T> attempt, Operation<T> operation) {
        try {
            var created = operation.run(attempt);
            return attempt.response != null
                    ? attempt.response
                    : recordWithRetries(attempt.key, () -> attempt.writer.created(created.get()));
        } catch (InvalidOrder e) {
            var rejection = attempt.writer.rejected(e);
            attempt.claim(null, rejection, Duration.ZERO, () -> {});
            return rejection;
        }
    }

    /** One attempt to run an operation under a key. */
    final class Attempt<T> {

        private final IdempotencyKey key;
        private final ResponseWriter<T> writer;
        private final Instant deadline;
        private @Nullable RecordedResponse response;

        private Attempt(IdempotencyKey key, ResponseWriter<T> writer, Instant deadline) {
            this.key = key;
            this.writer = writer;
            this.deadline = deadline;
        }

        /**
         * Claims the key and stores what is created, in one transaction.
         *
         * @param wait how long the operation waits before it responds; zero records the response in the transaction
         */
        void commit(UUID id, T created, Duration wait, Runnable store) {
            response = wait.isPositive() ? null : writer.created(created);
            // the lease starts with the transaction, which commits before the deadline
            claim(id, response, wait.plus(settings.timeout()).plus(settings.responseTimeout()), store);
        }

        private void claim(@Nullable UUID id, @Nullable RecordedResponse recorded, Duration lease, Runnable store) {
            var left = Duration.between(clock.instant(), deadline);
            if (left.compareTo(settings.minTransaction()) < 0) {
                throw deadlineExceeded();
            }
            // PostgreSQL ends a slow statement; the deadline is checked again before the commit
            new TransactionTemplate(transactions).executeWithoutResult(_ -> {
                if (!keys.claim(key, id, recorded, lease)) {
                    throw new IdempotencyProblem.InFlight();
                }
                store.run();
                if (clock.instant().isAfter(deadline)) {
                    throw deadlineExceeded();
                }
            });
        }
    }

    private static QueryTimeoutException deadlineExceeded() {
        return new QueryTimeoutException("The deadline of the request has passed; nothing was committed.");
    }

    private <T> Optional<RecordedResponse> recorded(
            IdempotencyKey key, ResponseWriter<T> writer, Function<UUID, T> load) {
        return keys.find(key).map(use -> {
            if (!use.fingerprint().equals(key.fingerprint())) {
                throw new IdempotencyProblem.Reused();
            }
            if (use.response() != null) {
                countReplay(key);
                return use.response();
            }
            if (use.inFlight()) {
                throw new IdempotencyProblem.InFlight();
            }
            // the first request died, or could not record its response
            var created = load.apply(Objects.requireNonNull(use.orderId()));
            return keys.complete(key, writer.created(created));
        });
    }

    /** Counts a replay for the explanation of the order. Ignores failures: the response does not depend on it. */
    private void countReplay(IdempotencyKey key) {
        try {
            keys.countReplay(key);
        } catch (DataAccessException | TransactionException e) {
            log.debug("A repeated request is not counted", e);
        }
    }

    /**
     * Retries for {@code response-timeout}: what was created is committed already, so an error would be wrong.
     */
    private RecordedResponse recordWithRetries(IdempotencyKey key, Supplier<RecordedResponse> response) {
        var end = clock.instant().plus(settings.responseTimeout());
        while (true) {
            try {
                return keys.complete(key, response.get());
            } catch (DataAccessResourceFailureException | TransientDataAccessException e) {
                if (clock.instant().isAfter(end)) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE_NANOS); // a deadlock fails at once; a lost connection takes longer itself
            }
        }
    }
}
