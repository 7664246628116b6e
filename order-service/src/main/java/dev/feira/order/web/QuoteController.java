package dev.feira.order.web;

import dev.feira.order.application.Quotation;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Quotes")
class QuoteController {

    private final Quotation quotation;

    QuoteController(Quotation quotation) {
        this.quotation = quotation;
    }

    @PostMapping("/quotes")
    @Operation(
            summary = "Prices lines",
            description = "Returns the catalog's current prices; nothing is reserved. Needs no sign-in.")
    QuoteResponse quote(@Valid @RequestBody QuoteRequest request) {
        return QuoteResponse.of(quotation.quote(
                request.lines().stream().map(LineRequest::toRequestedLine).toList()));
    }
}
