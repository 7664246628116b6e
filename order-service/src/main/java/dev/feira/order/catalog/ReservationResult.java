package dev.feira.order.catalog;

import dev.feira.order.domain.Shortage;
import java.util.List;

/** The result of a request to reserve stock. */
public sealed interface ReservationResult {

    /** All lines are reserved. */
    record Held() implements ReservationResult {}

    /** The reservation has expired; it can be confirmed if the stock is still available. */
    record Expired() implements ReservationResult {}

    /** Nothing is reserved. */
    record OutOfStock(List<Shortage> lines) implements ReservationResult {}

    /** Nothing is reserved: some products do not exist or are archived. */
    record NotSold(List<String> skus) implements ReservationResult {}

    /** The reservation was released before. */
    record Closed() implements ReservationResult {}
}
