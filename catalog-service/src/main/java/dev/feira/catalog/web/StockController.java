package dev.feira.catalog.web;

import dev.feira.catalog.application.StockService;
import dev.feira.catalog.domain.MovementKind;
import dev.feira.catalog.domain.Stock;
import dev.feira.catalog.domain.StockMovement;
import dev.feira.defaults.text.UnicodeSpaces;
import dev.feira.defaults.text.VisibleText;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/products/{sku}")
@Tag(name = "stock")
class StockController {

    private static final Pattern KEY_FORM = Pattern.compile("[\\x21-\\x7E]{1,100}");

    /** Thrown when the header {@code Idempotency-Key} is missing or malformed. */
    static final class KeyMissing extends RuntimeException {}

    /**
     * A stock movement to record.
     *
     * @param quantity more than 0; for a correction also less than 0
     */
    record MovementRequest(
            @NotNull MovementKind kind,
            @NotNull @Min(-1_000_000) @Max(1_000_000) Integer quantity,
            @NotNull @Size(max = 200) @VisibleText String reason) {}

    /**
     * An entry of the ledger.
     *
     * @param quantity the change of the stock; waste is negative
     * @param recordedBy the user who recorded it, or {@code seed}
     */
    record MovementResponse(
            long id,
            MovementKind kind,

            @Schema(description = "Change of the stock; waste is negative")
            long quantity,

            String reason,
            String recordedBy,
            Instant recordedAt) {

        static MovementResponse of(StockMovement movement) {
            return new MovementResponse(
                    Objects.requireNonNull(movement.id()),
                    movement.kind(),
                    movement.quantity(),
                    movement.reason(),
                    movement.recordedBy(),
                    movement.recordedAt());
        }
    }

    /**
     * The stock of a product.
     *
     * @param reorderLevel 0: none
     * @param low whether no more than the reorder level is available
     */
    record StockResponse(
            long received,
            long available,
            long reserved,
            long sold,

            @Schema(description = "Available quantity at which staff are told; 0: never")
            long reorderLevel,

            boolean low) {

        static StockResponse of(Stock stock) {
            return new StockResponse(
                    stock.received(),
                    stock.available(),
                    stock.reserved(),
                    stock.sold(),
                    stock.reorderLevel(),
                    stock.isLow());
        }
    }

    /**
     * The reorder level to set.
     *
     * @param reorderLevel 0: none
     */
    record ReorderLevelRequest(
            @Schema(description = "Available quantity at which staff are told; 0: never")
            @NotNull @Min(0) @Max(Stock.MAX_REORDER_LEVEL) Integer reorderLevel) {}

    record RecordedResponse(MovementResponse movement, StockResponse stock) {}

    record LedgerResponse(
            List<MovementResponse> items, @Nullable String nextCursor, StockResponse stock) {}

    private final StockService stock;

    StockController(StockService stock) {
        this.stock = stock;
    }

    @PostMapping("/stock-movements")
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(
            summary = "Record a stock movement",
            description =
                    "A repeated request with the same Idempotency-Key returns the first entry and records nothing.",
            security = @SecurityRequirement(name = "bearer"))
    RecordedResponse record(
            @PathVariable String sku,
            @Parameter(required = true) @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @Valid @RequestBody MovementRequest request,
            Authentication user) {
        if (key == null || !KEY_FORM.matcher(key).matches()) {
            throw new KeyMissing();
        }
        if (request.quantity() == 0 || (request.quantity() < 0 && request.kind() != MovementKind.CORRECTED)) {
            throw new InvalidField("quantity", "must be more than 0; a correction may also be less than 0");
        }
        var recorded = stock.record(
                sku, request.kind(), request.quantity(), UnicodeSpaces.strip(request.reason()), user.getName(), key);
        return new RecordedResponse(MovementResponse.of(recorded.movement()), StockResponse.of(recorded.stock()));
    }

    @GetMapping("/stock-movements")
    @Operation(
            summary = "The stock ledger of a product, newest entry first, and its stock",
            security = @SecurityRequirement(name = "bearer"))
    LedgerResponse ledger(
            @PathVariable String sku,
            @RequestParam(defaultValue = "20") @Min(1) @Max(100) int limit,
            @RequestParam(required = false) @Size(max = 2000) @Nullable String cursor) {
        var ledger = stock.ledger(sku, cursor, limit);
        var page = PageResponse.of(ledger.movements(), MovementResponse::of);
        return new LedgerResponse(page.items(), page.nextCursor(), StockResponse.of(ledger.stock()));
    }

    @PutMapping("/reorder-level")
    @Operation(
            summary = "Set the available quantity at which staff are told",
            description = "Staff are told once each time that the product falls to its level or below.",
            security = @SecurityRequirement(name = "bearer"))
    StockResponse setReorderLevel(@PathVariable String sku, @Valid @RequestBody ReorderLevelRequest request) {
        return StockResponse.of(stock.setReorderLevel(sku, request.reorderLevel()));
    }
}
