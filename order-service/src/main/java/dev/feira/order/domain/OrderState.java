package dev.feira.order.domain;

import java.util.UUID;

/**
 * The part of an order that shows whether it changed.
 *
 * @param version as in {@link Order#version()}
 */
public record OrderState(UUID id, OrderStatus status, int version) {

    /** Returns the state of this order. */
    public static OrderState of(Order order) {
        return new OrderState(order.id(), order.status(), order.version());
    }
}
