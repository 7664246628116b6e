package dev.feira.order.events;

import dev.feira.events.outbox.Outbox;
import dev.feira.events.outbox.OutboxEvent;
import dev.feira.order.domain.Money;
import dev.feira.order.domain.Order;
import dev.feira.order.domain.OrderChange;
import dev.feira.order.domain.OrderStatus;
import dev.feira.order.domain.PaymentStatus;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Tells other services what happened to an order. The types and their data are an interface: {@code docs/events} describes them,
 * and a member is added, but never changed or removed, within a version.
 */
@Component
public class OrderEvents {

    private final Outbox outbox;

    OrderEvents(Outbox outbox) {
        this.outbox = outbox;
    }

    /** Stores the events of a change in its transaction: none while the result of the order is unknown. */
    public void record(OrderChange change) {
        var order = change.after();
        if (order.status().isSettled() && change.entered(order.status())) {
            append(change, order.status().name().toLowerCase(Locale.ROOT));
        }
        if (change.entered(PaymentStatus.REFUNDED)) {
            append(change, "refunded");
        }
    }

    private void append(OrderChange change, String what) {
        var order = change.after();
        outbox.append(new OutboxEvent(
                "order",
                order.id().toString(),
                "order." + what + ".v1",
                Data.of(order, change.before().status()),
                order.updatedAt()));
    }

    /**
     * What every event of an order says.
     *
     * @param previousStatus the status before; a cancelled order was sold if it was {@code CONFIRMED}
     * @param rejection the reason of {@code order.rejected}, else null
     */
    private record Data(
            String orderId,
            String customerId,
            OrderStatus status,
            OrderStatus previousStatus,
            List<Line> lines,
            Amount total,
            @Nullable String rejection) {

        static Data of(Order order, OrderStatus previous) {
            return new Data(
                    order.id().toString(),
                    order.customerId(),
                    order.status(),
                    previous,
                    order.lines().stream()
                            .map(line -> new Line(
                                    line.sku(),
                                    new Name(line.name().en(), line.name().pt()),
                                    line.quantity(),
                                    Amount.of(line.total())))
                            .toList(),
                    Amount.of(order.totals().gross()),
                    order.rejection() == null
                            ? null
                            : order.rejection().reason().name());
        }
    }

    private record Line(String sku, Name name, int quantity, Amount total) {}

    private record Name(String en, String pt) {}

    private record Amount(String amount, String currency) {

        static Amount of(Money money) {
            return new Amount(money.amount().toPlainString(), money.currency());
        }
    }
}
