package dev.feira.catalog.events;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.feira.catalog.application.SalesCount;
import dev.feira.catalog.domain.Line;
import dev.feira.catalog.domain.Lines;
import dev.feira.catalog.domain.Sku;
import dev.feira.events.CloudEvent;
import dev.feira.events.inbox.EventHandler;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Counts sales by the events of order-service. */
@Component
class OrderEvents implements EventHandler {

    private static final String CONFIRMED = "order.confirmed.v1";
    private static final String RETURNED = "order.returned.v1";
    private static final String CANCELLED = "order.cancelled.v1";

    private final SalesCount sales;
    private final JsonMapper json;

    OrderEvents(SalesCount sales, JsonMapper json) {
        this.sales = sales;
        this.json = json;
    }

    /** The used members of the event's data. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    private record OrderData(List<OrderedLine> lines, String previousStatus) {

        Lines asLines() {
            return Lines.of(lines.stream()
                    .map(line -> new Line(new Sku(line.sku()), line.quantity()))
                    .toList());
        }
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    private record OrderedLine(String sku, long quantity) {}

    @Override
    public String feed() {
        return "orders";
    }

    @Override
    public Set<String> types() {
        return Set.of(CONFIRMED, RETURNED, CANCELLED);
    }

    @Override
    public void handle(CloudEvent event) {
        var order = json.treeToValue(event.data(), OrderData.class);
        switch (event.type()) {
            case CONFIRMED -> sales.sold(order.asLines());
            case RETURNED -> sales.returned(order.asLines());
            case CANCELLED -> {
                if (order.previousStatus().equals("CONFIRMED")) {
                    sales.returned(order.asLines());
                }
            }
            default -> throw new IllegalArgumentException(event.type());
        }
    }
}
