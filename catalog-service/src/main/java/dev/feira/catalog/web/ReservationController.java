package dev.feira.catalog.web;

import dev.feira.catalog.application.ReservationService;
import dev.feira.catalog.domain.Line;
import dev.feira.catalog.domain.Lines;
import dev.feira.catalog.domain.Reservation;
import dev.feira.catalog.domain.ReservationStatus;
import dev.feira.catalog.domain.Sku;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Reserves, sells and restocks the goods of orders, for order-service. */
@RestController
@RequestMapping("/reservations")
@Tag(name = "internal")
@SecurityRequirement(name = "bearer")
class ReservationController {

    /** The lines of an order; lines of the same product are added. */
    record ReserveRequest(@NotEmpty @Size(max = 100) List<@NotNull @Valid RequestedLine> lines) {

        Lines toLines() {
            return Lines.of(lines.stream()
                    .map(line -> new Line(new Sku(line.sku()), line.quantity()))
                    .toList());
        }
    }

    record RequestedLine(
            @NotNull @Size(max = Sku.MAX_LENGTH) @Pattern(regexp = Sku.FORM, message = "must be groups of A-Z and 0-9 separated by hyphens") String sku,

            @NotNull @Min(1) @Max(999) Integer quantity) {}

    record ReservedLine(String sku, long quantity) {}

    /**
     * The reservation of an order.
     *
     * @param expiresAt when a held reservation expires
     */
    record ReservationResponse(UUID orderId, ReservationStatus status, List<ReservedLine> lines, Instant expiresAt) {

        static ReservationResponse of(Reservation reservation) {
            return new ReservationResponse(
                    reservation.orderId(),
                    reservation.status(),
                    reservation.lines().all().stream()
                            .map(line -> new ReservedLine(line.sku().value(), line.quantity()))
                            .toList(),
                    reservation.expiresAt());
        }
    }

    private final ReservationService reservations;

    ReservationController(ReservationService reservations) {
        this.reservations = reservations;
    }

    @PutMapping("/{orderId}")
    @Operation(summary = "Reserve all goods of an order, or none")
    @ApiResponse(responseCode = "200", description = "Already reserved")
    @ApiResponse(responseCode = "201", description = "Reserved")
    ResponseEntity<ReservationResponse> reserve(
            @PathVariable UUID orderId, @Valid @RequestBody ReserveRequest request) {
        var held = reservations.reserve(orderId, request.toLines());
        return ResponseEntity.status(held.created() ? HttpStatus.CREATED : HttpStatus.OK)
                .body(ReservationResponse.of(held.reservation()));
    }

    @PostMapping("/{orderId}/confirmation")
    @Operation(summary = "Sell the goods to the order")
    ReservationResponse confirm(@PathVariable UUID orderId) {
        return ReservationResponse.of(reservations.confirm(orderId));
    }

    @DeleteMapping("/{orderId}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Release all goods of the order", description = "Also before it has reserved any.")
    void release(@PathVariable UUID orderId) {
        reservations.release(orderId);
    }

    @PostMapping("/{orderId}/return")
    @Operation(summary = "Restock the goods of a returned order")
    ReservationResponse restock(@PathVariable UUID orderId) {
        return ReservationResponse.of(reservations.restock(orderId));
    }

    @GetMapping("/{orderId}")
    @Operation(summary = "The reservation of an order")
    ReservationResponse reservation(@PathVariable UUID orderId) {
        return ReservationResponse.of(reservations.find(orderId));
    }

    @GetMapping
    @Operation(summary = "All reservations, oldest first")
    PageResponse<ReservationResponse> reservations(
            @RequestParam(required = false) @Nullable ReservationStatus status,
            @RequestParam(defaultValue = "20") @Min(1) @Max(1000) int limit,
            @RequestParam(required = false) @Size(max = 2000) @Nullable String cursor) {
        return PageResponse.of(reservations.list(status, cursor, limit), ReservationResponse::of);
    }
}
