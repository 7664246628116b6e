package dev.feira.order.application;

import dev.feira.order.domain.DeliveryAddress;
import dev.feira.order.domain.Money;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The wish to place an order.
 *
 * @param customerId whose it will be
 * @param lines each product once, 1 to 100 lines
 * @param deliveryAddress where it is to go
 * @param paymentToken stands for the card
 * @param expectedTotal the sum that the customer saw, VAT included; null to accept any
 */
public record PlaceOrder(
        String customerId,
        List<RequestedLine> lines,
        DeliveryAddress deliveryAddress,
        String paymentToken,
        @Nullable Money expectedTotal) {}
