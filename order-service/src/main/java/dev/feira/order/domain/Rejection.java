package dev.feira.order.domain;

import java.util.List;

/**
 * Why an order was rejected.
 *
 * @param reason for programs
 * @param detail for people
 * @param lines the products concerned; may be empty
 */
public record Rejection(RejectionReason reason, String detail, List<Shortage> lines) {

    public Rejection {
        lines = List.copyOf(lines);
    }

    /** A rejection that concerns no product in particular. */
    public Rejection(RejectionReason reason, String detail) {
        this(reason, detail, List.of());
    }
}
