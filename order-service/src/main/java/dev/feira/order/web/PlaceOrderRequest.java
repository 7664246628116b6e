package dev.feira.order.web;

import dev.feira.order.application.PlaceOrder;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request to place an order. It has no prices: they are the catalog's. */
record PlaceOrderRequest(
        @NotNull @Size(min = 1, max = 100) @UniqueSkus List<@NotNull @Valid LineRequest> lines,
        @NotNull @Valid AddressRequest deliveryAddress,
        @NotNull @Valid PaymentRequest payment,
        @Valid @Nullable MoneyRequest expectedTotal) {

    /** The provider's token of a card; card numbers never reach this service. */
    record PaymentRequest(
            @Schema(example = "tok_…", description = "from the payment provider; not a card number")
            @NotNull @Pattern(regexp = "tok_[A-Za-z0-9_-]{1,96}", message = "must be a token of the payment provider") String token) {}

    PlaceOrder toCommand(String customerId) {
        return new PlaceOrder(
                customerId,
                lines.stream().map(LineRequest::toRequestedLine).toList(),
                deliveryAddress.toAddress(),
                payment.token(),
                expectedTotal == null ? null : expectedTotal.toMoney());
    }
}
