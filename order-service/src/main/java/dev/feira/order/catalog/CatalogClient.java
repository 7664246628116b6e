package dev.feira.order.catalog;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.DeleteExchange;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;
import org.springframework.web.service.annotation.PutExchange;

/** The catalog's HTTP interface. Unknown members are ignored, so that the catalog can add some. */
@HttpExchange(accept = "application/json")
interface CatalogClient {

    @PostExchange("/prices")
    PricesResponse prices(@RequestBody PricesRequest request);

    @PutExchange("/reservations/{orderId}")
    void reserve(
            @RequestHeader(HttpHeaders.AUTHORIZATION) String bearer,
            @PathVariable UUID orderId,
            @RequestBody ReservationRequest request);

    @GetExchange("/reservations/{orderId}")
    CatalogReservation reservation(@RequestHeader(HttpHeaders.AUTHORIZATION) String bearer, @PathVariable UUID orderId);

    @PostExchange("/reservations/{orderId}/confirmation")
    void confirm(@RequestHeader(HttpHeaders.AUTHORIZATION) String bearer, @PathVariable UUID orderId);

    @DeleteExchange("/reservations/{orderId}")
    void release(@RequestHeader(HttpHeaders.AUTHORIZATION) String bearer, @PathVariable UUID orderId);

    @PostExchange("/reservations/{orderId}/return")
    void restock(@RequestHeader(HttpHeaders.AUTHORIZATION) String bearer, @PathVariable UUID orderId);

    @GetExchange("/reservations")
    ReservationPage reservations(
            @RequestHeader(HttpHeaders.AUTHORIZATION) String bearer,
            @RequestParam String status,
            @RequestParam int limit,
            @RequestParam(required = false) @Nullable String cursor);

    record PricesRequest(Collection<String> skus) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record PricesResponse(List<CatalogPrice> prices, List<String> unknown) {}

    record ReservationRequest(List<Line> lines) {

        record Line(String sku, int quantity) {}
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    record ReservationPage(
            List<CatalogReservation> items, @Nullable String nextCursor) {}

    /** The used members of the catalog's problems. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record CatalogProblem(
            @Nullable String type,
            @Nullable List<Missing> lines,
            @Nullable List<String> skus) {

        @JsonIgnoreProperties(ignoreUnknown = true)
        record Missing(String sku, long requested, long available) {}
    }
}
