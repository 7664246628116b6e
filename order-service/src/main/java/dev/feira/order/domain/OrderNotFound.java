package dev.feira.order.domain;

import java.util.UUID;

/** The order does not exist or belongs to another customer; the client cannot tell which. */
public final class OrderNotFound extends RuntimeException {

    public OrderNotFound(UUID id) {
        super("There is no order " + id + ".");
    }
}
