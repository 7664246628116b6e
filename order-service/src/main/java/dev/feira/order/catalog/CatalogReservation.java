package dev.feira.order.catalog;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * A reservation in the catalog.
 *
 * @param orderId the order, under whose id it is made
 * @param status where it stands
 * @param lines what it is of; none where the order gave up before it reserved
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record CatalogReservation(UUID orderId, Status status, List<Line> lines) {

    /** So many units of one product. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Line(String sku, long quantity) {}

    /** Returns the units of each SKU. */
    public Map<String, Long> quantities() {
        return lines.stream().collect(Collectors.groupingBy(Line::sku, Collectors.summingLong(Line::quantity)));
    }

    /** Where a reservation stands. */
    public enum Status {
        HELD,
        CONFIRMED,
        RELEASED,
        EXPIRED,
        RETURNED
    }
}
