package dev.feira.order.web;

import dev.feira.order.application.RequestedLine;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

/** One requested product. */
record LineRequest(
        @Schema(example = "STRAWBERRY-500")
        @NotNull @Size(max = 40) @Pattern(
                regexp = "[A-Z0-9]+(-[A-Z0-9]+){0,19}",
                message = "must be capital letters and digits, separated by hyphens")
        String sku,

        @NotNull @Min(1) @Max(999) Integer quantity) {

    RequestedLine toRequestedLine() {
        return new RequestedLine(sku, quantity);
    }
}
