package dev.feira.order.web;

import dev.feira.defaults.text.UnicodeSpaces;
import dev.feira.defaults.text.VisibleText;
import dev.feira.order.domain.DeliveryAddress;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

/** The address to which an order is delivered. */
record AddressRequest(
        @NotNull @Size(max = 100) @VisibleText String name,
        @NotNull @Size(max = 200) @VisibleText String street,
        @NotNull @Size(max = 20) @VisibleText String postalCode,
        @NotNull @Size(max = 100) @VisibleText String city,

        @Schema(example = "PT")
        @NotNull @Pattern(regexp = "[A-Z]{2}", message = "must be two capital letters (ISO 3166-1)")
        String country) {

    DeliveryAddress toAddress() {
        return new DeliveryAddress(
                UnicodeSpaces.strip(name),
                UnicodeSpaces.strip(street),
                UnicodeSpaces.strip(postalCode),
                UnicodeSpaces.strip(city),
                country);
    }
}
