package dev.feira.order.catalog;

import dev.feira.order.domain.Shortage;
import java.util.List;

/** What the catalog says to a wish to reserve. */
public sealed interface ReservationResult {

    /** All lines are held, now or since an earlier request. */
    record Held() implements ReservationResult {}

    /** They were held and the time ran out; confirming takes them again where they still are. */
    record Expired() implements ReservationResult {}

    /** Nothing is held. */
    record OutOfStock(List<Shortage> lines) implements ReservationResult {}

    /** Nothing is held: some products are not sold, or not any more. */
    record NotSold(List<String> skus) implements ReservationResult {}

    /** The order has given its reservation up, and gets no other. */
    record Closed() implements ReservationResult {}
}
