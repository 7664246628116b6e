package dev.feira.order.domain;

import java.util.UUID;

/** The order's status does not allow the requested transition; nothing was changed. */
public final class InvalidTransition extends RuntimeException {

    private final Transition transition;
    private final OrderStatus status;

    InvalidTransition(UUID order, OrderStatus status, Transition transition) {
        super("order %s is %s: %s is not possible"
                .formatted(order, status, transition.name().toLowerCase(java.util.Locale.ROOT)));
        this.transition = transition;
        this.status = status;
    }

    /** The transitions that a request can ask for. */
    public enum Transition {
        CANCELLATION,
        SHIPMENT,
        DELIVERY,
        RETURN
    }

    public Transition transition() {
        return transition;
    }

    public OrderStatus status() {
        return status;
    }
}
