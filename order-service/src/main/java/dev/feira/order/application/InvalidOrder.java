package dev.feira.order.application;

import dev.feira.order.domain.Money;
import java.util.List;

/** The order or quote cannot be made as it was asked for; nothing was changed. Not said when somebody is only away. */
public sealed class InvalidOrder extends RuntimeException {

    private InvalidOrder(String message) {
        super(message);
    }

    /** The catalog has never heard of some products. */
    public static final class UnknownProducts extends InvalidOrder {

        private final transient List<String> skus;

        UnknownProducts(List<String> skus) {
            super("The catalog has no such product: " + String.join(", ", skus));
            this.skus = List.copyOf(skus);
        }

        public List<String> skus() {
            return skus;
        }
    }

    /** Some products are not sold any more. */
    public static final class ProductsArchived extends InvalidOrder {

        private final transient List<String> skus;

        ProductsArchived(List<String> skus) {
            super("No longer sold: " + String.join(", ", skus));
            this.skus = List.copyOf(skus);
        }

        public List<String> skus() {
            return skus;
        }
    }

    /** The sum is not the one that the customer saw. */
    public static final class PriceChanged extends InvalidOrder {

        private final transient Money expected;
        private final transient Money actual;

        PriceChanged(Money expected, Money actual) {
            super("The total is %s now, not %s.".formatted(actual, expected));
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

    /** The sum is more than one order may have. */
    public static final class TotalTooLarge extends InvalidOrder {

        private final transient Money limit;

        TotalTooLarge(Money limit) {
            super("An order may not be larger than " + limit + ".");
            this.limit = limit;
        }

        public Money limit() {
            return limit;
        }
    }

    /** There is nothing to pay, so there is nothing to charge. */
    public static final class NothingToPay extends InvalidOrder {

        NothingToPay() {
            super("An order needs a total above zero.");
        }
    }
}
