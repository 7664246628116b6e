package dev.feira.notification.domain;

import java.math.BigDecimal;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a mail has to tell; the texts around it belong to its kind and to the recipient's language. */
public sealed interface Letter {

    MailKind kind();

    /** Returns where the button leads. */
    URI link();

    /** Returns the id of the order or product, if it is about one. */
    @Nullable String reference();

    /**
     * About an account.
     *
     * @param addresses the e-mail addresses in the text
     * @param expiresAt when the link stops working; null: never
     */
    record OfAccount(
            MailKind kind, List<String> addresses, @Nullable Instant expiresAt, URI link) implements Letter {

        @Override
        public @Nullable String reference() {
            return null;
        }
    }

    /**
     * About an order.
     *
     * @param total of all lines, VAT included
     * @param rejection why the order was rejected
     */
    record OfOrder(
            MailKind kind,
            String orderId,
            List<Line> lines,
            Amount total,
            @Nullable String rejection,
            URI link) implements Letter {

        @Override
        public String reference() {
            return orderId;
        }
    }

    /** About a product of which few are left. */
    record OfStock(String sku, LocalizedText name, long available, long reorderLevel, URI link) implements Letter {

        @Override
        public MailKind kind() {
            return MailKind.STOCK_LOW;
        }

        @Override
        public String reference() {
            return sku;
        }
    }

    /** A line of an order. */
    record Line(LocalizedText name, int quantity, Amount total) {}

    /** A text in both languages. */
    record LocalizedText(String en, String pt) {

        public String in(Language language) {
            return language == Language.PT ? pt : en;
        }
    }

    /** An amount of money. */
    record Amount(BigDecimal amount, String currency) {}
}
