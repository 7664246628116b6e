package dev.feira.order.application;

import dev.feira.order.catalog.CatalogUnavailable;
import dev.feira.order.domain.IdempotencyKey;
import dev.feira.order.domain.IdempotencyKeys;
import dev.feira.order.domain.Order;
import dev.feira.order.domain.OrderNotFound;
import dev.feira.order.domain.Orders;
import dev.feira.order.domain.RecordedResponse;
import dev.feira.order.saga.SagaRunner;
import dev.feira.order.saga.SagaStep;
import dev.feira.order.saga.SagaSteps;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Places orders, one for each Idempotency-Key.
 *
 * <p>The key, the order and its first step are committed together, so a process that dies leaves all of them or none.
 * The answer is recorded before it is sent: with the order where nobody waits for the outcome, otherwise once the
 * waiting is over. Until then a lease, little longer than the wait, tells others that the request is in flight; where
 * the process dies meanwhile, the lease ends and the next request with the key writes the answer.
 */
@Service
public class OrderPlacement {

    private static final Logger log = LoggerFactory.getLogger(OrderPlacement.class);
    /** What writing an answer may take beyond the wait itself. */
    private static final Duration WRITING = Duration.ofSeconds(2);
    /**
     * Until when an order has to be placed, but for the commit: the gateway gives a checkout 5 s, and the rest is for that,
     * for the answer, and for the way here. Later, the customer would read an error about an order that is placed all the
     * same.
     */
    private static final Duration LATEST = Duration.ofMillis(4500);
    /** The least that the transaction is given: with less than this left, nothing is placed. */
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    /** The most: a database that hangs is to be told about while the caller still listens. */
    private static final Duration LONGEST = Duration.ofSeconds(3);

    private final Quotation quotation;
    private final IdempotencyKeys keys;
    private final Orders orders;
    private final OrderChanges changes;
    private final OrderWatch watch;
    private final SagaSteps steps;
    private final SagaRunner saga;
    private final PlatformTransactionManager transactions;
    private final Clock clock;

    OrderPlacement(
            Quotation quotation,
            IdempotencyKeys keys,
            Orders orders,
            OrderChanges changes,
            OrderWatch watch,
            SagaSteps steps,
            SagaRunner saga,
            PlatformTransactionManager transactions,
            Clock clock) {
        this.quotation = quotation;
        this.keys = keys;
        this.orders = orders;
        this.changes = changes;
        this.watch = watch;
        this.steps = steps;
        this.saga = saga;
        this.transactions = transactions;
        this.clock = clock;
    }

    /**
     * Places an order, or answers as before where the key was used.
     *
     * @param wait how long to wait for the order to be settled before answering
     * @param writer writes the answer
     * @return the first answer under this key, byte for byte; also where it is a refusal
     * @throws IdempotencyProblem the key was used for another request, or its first request is in flight
     * @throws CatalogUnavailable the prices are not to be had: nothing was placed, the key is free
     * @throws QueryTimeoutException it took too long until here: nothing was placed, the key is free
     */
    public RecordedResponse place(PlaceOrder command, IdempotencyKey key, Duration wait, ResponseWriter writer) {
        var begun = clock.instant();
        var before = recorded(key, writer);
        if (before.isPresent()) {
            return before.get();
        }
        Order order;
        try {
            order = priced(command); // remote, so before any transaction
        } catch (InvalidOrder refusal) {
            var answer = writer.refused(refusal);
            return claimed(key, null, answer, Duration.ZERO, begun) ? answer : concurrentResponse(key, writer);
        }
        var settledSoon = wait.isPositive();
        var answer = settledSoon ? null : writer.placed(order);
        if (!claimed(key, order, answer, wait.plus(LONGEST).plus(WRITING), begun)) {
            return concurrentResponse(key, writer);
        }
        log.atInfo()
                .addKeyValue("orderId", order.id())
                .log("Placed order {} of {}", order.id(), order.totals().gross());
        saga.wake(order.id());
        if (answer != null) {
            return answer;
        }
        watch.await(order.id(), state -> state.status().isSettled(), wait);
        return recordWithRetries(key, order.id(), writer);
    }

    /**
     * Where many wait, they all come for a connection at once. What is placed already deserves an answer rather than an
     * error, for as long as the caller's lease of the key lasts; each attempt waits for a connection itself.
     */
    private RecordedResponse recordWithRetries(IdempotencyKey key, UUID orderId, ResponseWriter writer) {
        var end = clock.instant().plus(WRITING);
        while (true) {
            try {
                return complete(key, orderId, writer);
            } catch (DataAccessResourceFailureException | CannotCreateTransactionException e) {
                if (clock.instant().isAfter(end)) {
                    throw e;
                }
            }
        }
    }

    private Order priced(PlaceOrder command) {
        var quote = quotation.quote(command.lines());
        var gross = quote.totals().gross();
        if (gross.amount().signum() == 0) {
            throw new InvalidOrder.NothingToPay();
        }
        var expected = command.expectedTotal();
        if (expected != null && !expected.equals(gross)) {
            throw new InvalidOrder.PriceChanged(expected, gross);
        }
        return Order.place(
                UUID.randomUUID(),
                command.customerId(),
                quote.lines(),
                command.deliveryAddress(),
                command.paymentToken(),
                // as exact as PostgreSQL keeps it, so that what is answered is what will be read
                clock.instant().truncatedTo(ChronoUnit.MICROS));
    }

    /**
     * One transaction: the key, and the order with its first step if there is one. A machine that is busy gets all the
     * time that is left of the caller's, rather than to be taken for an outage.
     */
    private boolean claimed(
            IdempotencyKey key, @Nullable Order order, @Nullable RecordedResponse answer, Duration lease, Instant begun) {
        var latest = begun.plus(LATEST);
        var left = Duration.between(clock.instant(), latest);
        if (left.compareTo(SHORTEST) < 0) {
            throw tooLate();
        }
        var transaction = new TransactionTemplate(transactions);
        transaction.setTimeout((int) Math.min(left.toSeconds(), LONGEST.toSeconds()));
        return Boolean.TRUE.equals(transaction.execute(status -> {
            if (!keys.claim(key, order == null ? null : order.id(), answer, lease)) {
                return false;
            }
            if (order != null) {
                changes.add(order);
                steps.append(order.id(), SagaStep.RESERVE_STOCK);
            }
            if (clock.instant().isAfter(latest)) { // the wait for a connection is no part of the transaction's time
                throw tooLate();
            }
            return true;
        }));
    }

    private static QueryTimeoutException tooLate() {
        return new QueryTimeoutException("nothing was placed, since the caller would not wait for the answer");
    }

    private RecordedResponse concurrentResponse(IdempotencyKey key, ResponseWriter writer) {
        // whoever has the key has committed: there is an answer, or it is in flight
        return recorded(key, writer).orElseThrow(IdempotencyProblem.InFlight::new);
    }

    private Optional<RecordedResponse> recorded(IdempotencyKey key, ResponseWriter writer) {
        return keys.find(key).map(use -> {
            if (!use.fingerprint().equals(key.fingerprint())) {
                throw new IdempotencyProblem.Reused();
            }
            if (use.answer() != null) {
                return use.answer();
            }
            if (use.inFlight()) {
                throw new IdempotencyProblem.InFlight();
            }
            // whoever was to answer has died: nobody has seen an answer yet, so this is the first
            return complete(key, Objects.requireNonNull(use.orderId()), writer);
        });
    }

    private RecordedResponse complete(IdempotencyKey key, UUID orderId, ResponseWriter writer) {
        var order = orders.find(orderId).orElseThrow(() -> new OrderNotFound(orderId));
        return keys.complete(key, writer.placed(order));
    }
}
