package dev.feira.order.catalog;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * A reservation in the catalog.
 *
 * @param orderId the id of its order
 * @param status its status
 * @param lines its products; none where it was released before it was created
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record CatalogReservation(UUID orderId, Status status, List<Line> lines) {

    /** One product. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Line(String sku, long quantity) {}

    /** Returns the units of each SKU. */
    public Map<String, Long> quantities() {
        return lines.stream().collect(Collectors.groupingBy(Line::sku, Collectors.summingLong(Line::quantity)));
    }

    /** The status of a reservation. */
    public enum Status {
        HELD,
        CONFIRMED,
        RELEASED,
        EXPIRED,
        RETURNED
    }
}
