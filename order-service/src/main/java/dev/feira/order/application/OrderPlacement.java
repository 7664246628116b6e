package dev.feira.order.application;

import dev.feira.order.catalog.CatalogUnavailable;
import dev.feira.order.domain.IdempotencyKey;
import dev.feira.order.domain.Money;
import dev.feira.order.domain.Order;
import dev.feira.order.domain.OrderNotFound;
import dev.feira.order.domain.Orders;
import dev.feira.order.domain.RecordedResponse;
import dev.feira.order.saga.SagaRunner;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.stereotype.Service;

/** Places orders: prices the lines, checks the total, stores the order with its first saga step, and responds. */
@Service
public class OrderPlacement {

    private static final Logger log = LoggerFactory.getLogger(OrderPlacement.class);

    private final IdempotentExecution idempotent;
    private final Quotation quotation;
    private final Orders orders;
    private final OrderChanges changes;
    private final OrderWatch watch;
    private final SagaRunner saga;
    private final Clock clock;

    OrderPlacement(
            IdempotentExecution idempotent,
            Quotation quotation,
            Orders orders,
            OrderChanges changes,
            OrderWatch watch,
            SagaRunner saga,
            Clock clock) {
        this.idempotent = idempotent;
        this.quotation = quotation;
        this.orders = orders;
        this.changes = changes;
        this.watch = watch;
        this.saga = saga;
        this.clock = clock;
    }

    /**
     * Places an order once for each key.
     *
     * @param wait how long to wait for the order to be settled before responding
     * @param writer writes the response
     * @return the first response under this key, byte for byte, even if it is a rejection
     * @throws IdempotencyProblem the key was used for another request, or its first request is in flight
     * @throws CatalogUnavailable there are no prices: nothing was placed, the key is unused
     * @throws QueryTimeoutException the deadline has passed: nothing was placed, the key is unused
     */
    public RecordedResponse place(PlaceOrder command, IdempotencyKey key, Duration wait, ResponseWriter<Order> writer) {
        return idempotent.execute(key, writer, this::read, attempt -> {
            var quote = quotation.quote(command.lines());
            checkTotal(quote.totals().gross(), command.expectedTotal());
            var order = order(command, quote);
            // registered before the commit, so that no change is missed
            try (var waiter = watch.register(order.id(), state -> state.status().isSettled())) {
                attempt.commit(order.id(), order, wait, () -> store(order));
                var awaited = waiter.await(wait);
                return () -> awaited.orElseGet(() -> read(order.id()));
            }
        });
    }

    private static void checkTotal(Money gross, @Nullable Money expected) {
        if (gross.amount().signum() == 0) {
            throw new InvalidOrder.NothingToPay();
        }
        if (expected != null && !expected.equals(gross)) {
            throw new InvalidOrder.PriceChanged(expected, gross);
        }
    }

    private Order order(PlaceOrder command, Quote quote) {
        return Order.place(
                UUID.randomUUID(),
                command.customerId(),
                quote.lines(),
                command.deliveryAddress(),
                command.paymentToken(),
                clock.instant());
    }

    private void store(Order order) {
        changes.add(order);
        saga.start(order);
        log.atInfo()
                .addKeyValue("orderId", order.id())
                .log("Placing order {} of {}", order.id(), order.totals().gross());
    }

    private Order read(UUID id) {
        return orders.find(id).orElseThrow(() -> new OrderNotFound(id));
    }
}
