package dev.feira.order.domain;

import java.util.List;

/**
 * Why an order was rejected.
 *
 * @param reason for programs
 * @param detail for people
 * @param lines the affected products; may be empty
 */
public record Rejection(RejectionReason reason, String detail, List<Shortage> lines) {

    public Rejection {
        lines = List.copyOf(lines);
    }

    /** Creates a rejection without affected products. */
    public Rejection(RejectionReason reason, String detail) {
        this(reason, detail, List.of());
    }
}
