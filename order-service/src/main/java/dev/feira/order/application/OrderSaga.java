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
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * What the steps of an order's saga do, and which follow.
 *
 * <pre>
 * RESERVE_STOCK ─ held ──────► CHARGE_PAYMENT ─ taken ─────► CONFIRM_STOCK ─ confirmed ─► (CONFIRMED)
 *    └ not sold, no stock         ├ pending ► AWAIT_PAYMENT ─┘  └ gone to others
 *      ► (REJECTED)               └ declined                      ► (REJECTED) RELEASE_STOCK, REFUND_PAYMENT
 *        RELEASE_STOCK if           ► (REJECTED) RELEASE_STOCK
 *        asked before
 * cancelled ► RELEASE_STOCK or RETURN_STOCK; STOP_PAYMENT ─ was taken ─► REFUND_PAYMENT
 * </pre>
 */
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
        var order = orders.find(claim.orderId()).orElseThrow(() -> new OrderNotFound(claim.orderId()));
        return switch (claim.step()) {
            case RESERVE_STOCK -> reserveStock(order, claim.attempt());
            case CHARGE_PAYMENT -> chargePayment(order, claim.attempt());
            case AWAIT_PAYMENT -> awaitPayment(order);
            case CONFIRM_STOCK -> confirmStock(order);
            case RELEASE_STOCK -> releaseStock(order);
            case STOP_PAYMENT -> stopPayment(order, claim.attempt());
            case REFUND_PAYMENT -> refundPayment(order);
            case RETURN_STOCK -> restock(order);
        };
    }

    private StepResult reserveStock(Order order, int attempt) {
        return switch (catalog.reserve(order.id(), order.lines())) {
            // too slow to be held, but not given up: confirming takes the stock again where it still is
            case ReservationResult.Held _, ReservationResult.Expired _ ->
                then(order.id(), now -> o -> o.reserved(now), SagaStep.CHARGE_PAYMENT);
            case ReservationResult.OutOfStock(var lines) ->
                notReserved(order, attempt, new Rejection(OUT_OF_STOCK, "There is not enough in stock.", lines));
            case ReservationResult.NotSold(var skus) ->
                notReserved(
                        order,
                        attempt,
                        new Rejection(PRODUCT_UNAVAILABLE, "No longer sold: " + String.join(", ", skus)));
            case ReservationResult.Closed _ ->
                notReserved(order, attempt, new Rejection(OUT_OF_STOCK, "The reservation was given up."));
        };
    }

    /** An earlier attempt may still be on its way to the catalog: releasing makes sure that it comes too late. */
    private StepResult notReserved(Order order, int attempt, Rejection rejection) {
        return attempt > 1
                ? rejected(order, rejection, null, SagaStep.RELEASE_STOCK)
                : rejected(order, rejection, null);
    }

    private StepResult chargePayment(Order order, int attempt) {
        return switch (charge(order, attempt)) {
            case ChargeResult.Made(var charge) -> charged(order, charge);
            case ChargeResult.TokenRejected(var detail) -> declined(order, payment(detail), detail);
        };
    }

    /**
     * An attempt before this one may have charged the card without our hearing of it. The provider is asked first; only
     * where it has nothing is the charge asked for again, under the same key, so that one still on its way and this one
     * are the same charge.
     */
    private ChargeResult charge(Order order, int attempt) {
        if (attempt > 1) {
            var made = payments.chargeOf(order.id(), order.totals().gross());
            if (made.isPresent()) {
                return new ChargeResult.Made(made.get());
            }
        }
        var token = Objects.requireNonNull(order.paymentToken(), "the payment token is gone");
        return payments.charge(order.id(), order.totals().gross(), token);
    }

    private StepResult charged(Order order, Charge charge) {
        var payment = payment(charge);
        return switch (charge.status()) {
            case SUCCEEDED -> then(order.id(), now -> o -> o.paid(payment, now), SagaStep.CONFIRM_STOCK);
            case DECLINED -> declined(order, payment, reason(charge));
            case PENDING ->
                new StepResult.Completed(() -> {
                    change(order.id(), now -> o -> o.paymentPending(payment, now));
                    steps.append(order.id(), SagaStep.AWAIT_PAYMENT, settings.firstRetry());
                });
            case CANCELLED -> declined(order, payment, "The payment was stopped.");
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
            case SUCCEEDED -> then(order.id(), now -> o -> o.paid(payment, now), SagaStep.CONFIRM_STOCK);
            case DECLINED -> declined(order, payment, reason(charge));
            case CANCELLED ->
                rejected(
                        order,
                        new Rejection(PAYMENT_NOT_COMPLETED, "The payment was not completed in time."),
                        payment,
                        SagaStep.RELEASE_STOCK);
            case PENDING -> new StepResult.Pending("the charge is pending still");
        };
    }

    private StepResult confirmStock(Order order) {
        return catalog.confirm(order.id())
                ? then(order.id(), now -> o -> o.confirmed(now))
                : rejected(
                        order,
                        new Rejection(
                                RESERVATION_EXPIRED,
                                "The payment took too long and the goods went to others; it is refunded."),
                        null,
                        // releasing as well: the catalog would still confirm for an earlier attempt that comes late
                        SagaStep.RELEASE_STOCK,
                        SagaStep.REFUND_PAYMENT);
    }

    private StepResult releaseStock(Order order) {
        catalog.release(order.id());
        return then(order.id(), now -> o -> o.stockReleased(now));
    }

    private StepResult restock(Order order) {
        if (!catalog.restock(order.id())) {
            log.error("The catalog has no confirmed stock of order {} to put back", order.id());
        }
        return then(order.id(), now -> o -> o.stockReturned(now));
    }

    /**
     * The order was cancelled while its charge was on its way. As long as the provider has no charge, one may still
     * arrive from a replica that was slow; asking for it under the same key makes it exist now, with an outcome that
     * can be undone, and makes the late one a repetition.
     */
    private StepResult stopPayment(Order order, int attempt) {
        var known = order.payment();
        ChargeResult answer;
        if (known != null && known.chargeId() != null) {
            answer = new ChargeResult.Made(
                    payments.charge(order.id(), known.chargeId(), order.totals().gross()));
        } else {
            answer = charge(order, attempt + 1);
        }
        return switch (answer) {
            case ChargeResult.TokenRejected(var detail) ->
                then(order.id(), now -> o -> o.paymentStopped(payment(detail), now));
            case ChargeResult.Made(var charge) -> {
                var stopped = charge.status() == Charge.Status.PENDING
                        ? payments.cancel(order.id(), charge.id(), charge.amount())
                        : charge;
                var payment = payment(stopped);
                yield switch (stopped.status()) {
                    case SUCCEEDED ->
                        then(order.id(), now -> o -> o.paymentFoundTaken(payment, now), SagaStep.REFUND_PAYMENT);
                    case DECLINED, CANCELLED -> then(order.id(), now -> o -> o.paymentStopped(payment, now));
                    case PENDING -> new StepResult.Pending("the charge is pending still");
                };
            }
        };
    }

    private StepResult refundPayment(Order order) {
        var refund = payments.refund(order.id(), chargeId(order), order.totals().gross());
        return then(order.id(), now -> o -> o.refunded(refund, now));
    }

    private StepResult declined(Order order, Payment payment, String detail) {
        return rejected(order, new Rejection(PAYMENT_DECLINED, detail), payment, SagaStep.RELEASE_STOCK);
    }

    private StepResult rejected(
            Order order, Rejection rejection, @Nullable Payment payment, SagaStep... compensations) {
        return then(order.id(), now -> o -> o.rejected(rejection, payment, now), compensations);
    }

    private StepResult then(UUID orderId, Transition transition, SagaStep... next) {
        return new StepResult.Completed(() -> {
            change(orderId, transition);
            for (var step : next) {
                steps.append(orderId, step);
            }
        });
    }

    private void change(UUID orderId, Transition transition) {
        changes.change(orderId, transition.at(clock.instant()));
    }

    /** A transition of an order, at a time that is known only when it is recorded. */
    @FunctionalInterface
    private interface Transition {
        UnaryOperator<Order> at(Instant now);
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
