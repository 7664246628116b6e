package dev.feira.order.application;

import static dev.feira.order.domain.RejectionReason.OUT_OF_STOCK;
import static dev.feira.order.domain.RejectionReason.PAYMENT_DECLINED;
import static dev.feira.order.domain.RejectionReason.PAYMENT_NOT_COMPLETED;
import static dev.feira.order.domain.RejectionReason.PRODUCT_UNAVAILABLE;
import static dev.feira.order.domain.RejectionReason.RESERVATION_EXPIRED;

import dev.feira.order.catalog.Catalog;
import dev.feira.order.catalog.ReservationResult;
import dev.feira.order.config.SagaProperties;
import dev.feira.order.domain.Order;
import dev.feira.order.domain.OrderNotFound;
import dev.feira.order.domain.Orders;
import dev.feira.order.domain.Payment;
import dev.feira.order.domain.PaymentStatus;
import dev.feira.order.domain.Rejection;
import dev.feira.order.payment.Charge;
import dev.feira.order.payment.ChargeResult;
import dev.feira.order.payment.Payments;
import dev.feira.order.saga.Claim;
import dev.feira.order.saga.SagaStep;
import dev.feira.order.saga.SagaSteps;
import dev.feira.order.saga.StepHandler;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Does what the steps of an order's saga are for, and changes the order; {@link dev.feira.order.saga.SagaPlan} has their sequence. */
@Component
class OrderSaga implements StepHandler {

    private static final Logger log = LoggerFactory.getLogger(OrderSaga.class);

    private final Orders orders;
    private final OrderChanges changes;
    private final Catalog catalog;
    private final Payments payments;
    private final SagaSteps steps;
    private final SagaProperties settings;
    private final Clock clock;

    OrderSaga(
            Orders orders,
            OrderChanges changes,
            Catalog catalog,
            Payments payments,
            SagaSteps steps,
            SagaProperties settings,
            Clock clock) {
        this.orders = orders;
        this.changes = changes;
        this.catalog = catalog;
        this.payments = payments;
        this.steps = steps;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public StepResult perform(Claim claim) {
        var order = claim.order() != null
                ? claim.order()
                : orders.find(claim.orderId()).orElseThrow(() -> new OrderNotFound(claim.orderId()));
        return switch (claim.step()) {
            case RESERVE_STOCK -> reserveStock(order);
            case CHARGE_PAYMENT -> chargePayment(order, claim.attempt());
            case AWAIT_PAYMENT -> awaitPayment(order);
            case CONFIRM_STOCK -> confirmStock(order);
            case RELEASE_STOCK -> releaseStock(order);
            case STOP_PAYMENT -> stopPayment(order, claim.attempt());
            case REFUND_PAYMENT -> refundPayment(order);
            case RETURN_STOCK -> restock(order);
        };
    }

    private StepResult reserveStock(Order order) {
        return switch (catalog.reserve(order.id(), order.lines())) {
            // an expired reservation is confirmed later if the stock is still available
            case ReservationResult.Held _, ReservationResult.Expired _ -> completed(order, Order::reserved);
            case ReservationResult.OutOfStock(var lines) ->
                rejected(order, new Rejection(OUT_OF_STOCK, "There is not enough in stock.", lines), null);
            case ReservationResult.NotSold(var skus) ->
                rejected(order, new Rejection(PRODUCT_UNAVAILABLE, "No longer sold: " + String.join(", ", skus)), null);
            case ReservationResult.Closed _ ->
                rejected(order, new Rejection(OUT_OF_STOCK, "The reservation was released."), null);
        };
    }

    private StepResult chargePayment(Order order, int attempt) {
        return switch (charge(order, attempt)) {
            case ChargeResult.Made(var charge) -> charged(order, charge);
            case ChargeResult.TokenRejected(var detail) -> declined(order, payment(detail), detail);
        };
    }

    /**
     * Charges the card once. An earlier attempt may have charged it although its response was lost, so the provider is
     * asked for that charge first. The idempotency key makes a late earlier request and this one the same charge.
     */
    private ChargeResult charge(Order order, int attempt) {
        if (attempt > 1) {
            var made = payments.chargeOf(order.id(), order.totals().gross());
            if (made.isPresent()) {
                return new ChargeResult.Made(made.get());
            }
        }
        var token = Objects.requireNonNull(order.paymentToken(), "the payment token was removed");
        return payments.charge(order.id(), order.totals().gross(), token);
    }

    private StepResult charged(Order order, Charge charge) {
        var payment = payment(charge);
        return switch (charge.status()) {
            case SUCCEEDED -> completed(order, (o, now) -> o.paid(payment, now));
            case DECLINED -> declined(order, payment, reason(charge));
            case PENDING -> completed(order, (o, now) -> o.paymentPending(payment, now));
            case CANCELLED -> declined(order, payment, "The payment was cancelled.");
        };
    }

    private StepResult awaitPayment(Order order) {
        var chargeId = chargeId(order);
        var gross = order.totals().gross();
        var charge = payments.charge(order.id(), chargeId, gross);
        if (charge.status() == Charge.Status.PENDING) {
            if (steps.age(order.id(), SagaStep.AWAIT_PAYMENT).compareTo(settings.pendingPaymentLimit()) < 0) {
                return new StepResult.Pending("the charge is pending");
            }
            charge = payments.cancel(order.id(), chargeId, gross);
        }
        var payment = payment(charge);
        return switch (charge.status()) {
            case SUCCEEDED -> completed(order, (o, now) -> o.paid(payment, now));
            case DECLINED -> declined(order, payment, reason(charge));
            case CANCELLED ->
                rejected(
                        order, new Rejection(PAYMENT_NOT_COMPLETED, "The payment was not completed in time."), payment);
            case PENDING -> new StepResult.Pending("the charge is still pending");
        };
    }

    private StepResult confirmStock(Order order) {
        return catalog.confirm(order.id())
                ? completed(order, Order::confirmed)
                : rejected(
                        order,
                        new Rejection(
                                RESERVATION_EXPIRED,
                                "The reservation expired during the payment and the stock was sold; the payment is refunded."),
                        null);
    }

    private StepResult releaseStock(Order order) {
        catalog.release(order.id());
        return completed(order, Order::stockReleased);
    }

    private StepResult restock(Order order) {
        if (!catalog.restock(order.id())) {
            log.error("The catalog has no confirmed stock of order {} to restock", order.id());
        }
        return completed(order, Order::stockReturned);
    }

    /**
     * Stops the charge of a cancelled order. While the provider has no charge, a slow request may still create one. The
     * same request under the same key creates it now, so that it can be cancelled or refunded.
     */
    private StepResult stopPayment(Order order, int attempt) {
        var known = order.payment();
        var result = known != null && known.chargeId() != null
                ? new ChargeResult.Made(payments.charge(
                        order.id(), known.chargeId(), order.totals().gross()))
                : charge(order, attempt + 1);
        return switch (result) {
            case ChargeResult.TokenRejected(var detail) ->
                completed(order, (o, now) -> o.paymentStopped(payment(detail), now));
            case ChargeResult.Made(var charge) -> {
                var stopped = charge.status() == Charge.Status.PENDING
                        ? payments.cancel(order.id(), charge.id(), charge.amount())
                        : charge;
                var payment = payment(stopped);
                yield switch (stopped.status()) {
                    case SUCCEEDED -> completed(order, (o, now) -> o.paymentFoundTaken(payment, now));
                    case DECLINED, CANCELLED -> completed(order, (o, now) -> o.paymentStopped(payment, now));
                    case PENDING -> new StepResult.Pending("the charge is still pending");
                };
            }
        };
    }

    private StepResult refundPayment(Order order) {
        var refund = payments.refund(order.id(), chargeId(order), order.totals().gross());
        return completed(order, (o, now) -> o.refunded(refund, now));
    }

    private StepResult declined(Order order, Payment payment, String detail) {
        return rejected(order, new Rejection(PAYMENT_DECLINED, detail), payment);
    }

    private StepResult rejected(Order order, Rejection rejection, @Nullable Payment payment) {
        return completed(order, (o, now) -> o.rejected(rejection, payment, now));
    }

    private StepResult completed(Order order, BiFunction<Order, Instant, Order> transition) {
        return new StepResult.Completed(
                version -> changes.changeLocked(order, version, current -> transition.apply(current, clock.instant())));
    }

    private static String chargeId(Order order) {
        var payment = Objects.requireNonNull(order.payment(), "nothing was charged");
        return Objects.requireNonNull(payment.chargeId(), "nothing was charged");
    }

    private static String reason(Charge charge) {
        return charge.declineReason() == null
                ? "The card was declined."
                : "The card was declined: " + charge.declineReason();
    }

    private static Payment payment(String declineReason) {
        return new Payment(PaymentStatus.DECLINED, null, null, null, declineReason, null);
    }

    private static Payment payment(Charge charge) {
        var status = switch (charge.status()) {
            case SUCCEEDED -> PaymentStatus.PAID;
            case DECLINED -> PaymentStatus.DECLINED;
            case PENDING -> PaymentStatus.PENDING;
            case CANCELLED -> PaymentStatus.CANCELLED;
        };
        return new Payment(status, charge.id(), charge.brand(), charge.last4(), charge.declineReason(), null);
    }
}
