package dev.feira.order.domain;

import java.util.UUID;

/** There is no such order, or it is not the asker's: nobody is told which. */
public final class OrderNotFound extends RuntimeException {

    public OrderNotFound(UUID id) {
        super("There is no order " + id + ".");
    }
}
