package dev.feira.order.web;

import dev.feira.order.domain.DeliveryAddress;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

/** The address to which an order is delivered. */
record AddressRequest(
        @NotBlank @Size(max = 100) @PlainText String name,
        @NotBlank @Size(max = 200) @PlainText String street,
        @NotBlank @Size(max = 20) @PlainText String postalCode,
        @NotBlank @Size(max = 100) @PlainText String city,

        @Schema(example = "PT")
        @NotNull @Pattern(regexp = "[A-Z]{2}", message = "must be two capital letters (ISO 3166-1)")
        String country) {

    DeliveryAddress toAddress() {
        return new DeliveryAddress(name, street, postalCode, city, country);
    }
}
