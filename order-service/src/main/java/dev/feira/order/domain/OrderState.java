package dev.feira.order.domain;

import java.util.UUID;

/**
 * As much of an order as is needed to see that it changed.
 *
 * @param version as in {@link Order#version()}
 */
public record OrderState(UUID id, OrderStatus status, int version) {

    /** Returns the state of this order. */
    public static OrderState of(Order order) {
        return new OrderState(order.id(), order.status(), order.version());
    }
}
