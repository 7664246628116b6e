package dev.feira.order.web;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;

/** A request for a quote. */
record QuoteRequest(
        @NotNull @Size(min = 1, max = 100) @UniqueSkus List<@NotNull @Valid LineRequest> lines) {}
