package dev.feira.order.application;

import dev.feira.order.domain.DeliveryAddress;
import dev.feira.order.domain.Money;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The command to place an order.
 *
 * @param customerId the customer
 * @param lines each product once, 1 to 100 lines
 * @param deliveryAddress where it is delivered
 * @param paymentToken the provider's token of the card
 * @param expectedTotal the total that the customer saw, VAT included; null to accept any
 */
public record PlaceOrder(
        String customerId,
        List<RequestedLine> lines,
        DeliveryAddress deliveryAddress,
        String paymentToken,
        @Nullable Money expectedTotal) {}
