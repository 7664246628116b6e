package dev.feira.order.application;

import dev.feira.order.domain.Money;
import java.util.List;

/** The order or quote is rejected; nothing was changed. An outage is never a reason. */
public sealed class InvalidOrder extends RuntimeException {

    private InvalidOrder(String message) {
        super(message);
    }

    /** Some products do not exist. */
    public static final class UnknownProducts extends InvalidOrder {

        private final transient List<String> skus;

        UnknownProducts(List<String> skus) {
            super("These products do not exist: " + String.join(", ", skus));
            this.skus = List.copyOf(skus);
        }

        public List<String> skus() {
            return skus;
        }
    }

    /** Some products are no longer sold. */
    public static final class ProductsArchived extends InvalidOrder {

        private final transient List<String> skus;

        ProductsArchived(List<String> skus) {
            super("These products are no longer sold: " + String.join(", ", skus));
            this.skus = List.copyOf(skus);
        }

        public List<String> skus() {
            return skus;
        }
    }

    /** The total is not the expected one. */
    public static final class PriceChanged extends InvalidOrder {

        private final transient Money expected;
        private final transient Money actual;

        PriceChanged(Money expected, Money actual) {
            super("The total is now %s, not %s.".formatted(actual, expected));
            this.expected = expected;
            this.actual = actual;
        }

        public Money expected() {
            return expected;
        }

        public Money actual() {
            return actual;
        }
    }

    /** The total exceeds the limit. */
    public static final class TotalTooLarge extends InvalidOrder {

        private final transient Money limit;

        TotalTooLarge(Money limit) {
            super("The total of an order must not exceed " + limit + ".");
            this.limit = limit;
        }

        public Money limit() {
            return limit;
        }
    }

    /** The total is zero. */
    public static final class NothingToPay extends InvalidOrder {

        NothingToPay() {
            super("The total of an order must be greater than zero.");
        }
    }
}
