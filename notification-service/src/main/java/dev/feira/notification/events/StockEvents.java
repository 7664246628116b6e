package dev.feira.notification.events;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.feira.defaults.FeiraProperties;
import dev.feira.events.CloudEvent;
import dev.feira.events.inbox.EventHandler;
import dev.feira.notification.application.LetterWriter;
import dev.feira.notification.domain.Letter;
import dev.feira.notification.domain.Occasion;
import java.net.URI;
import java.util.Objects;
import java.util.Set;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Writes to staff about products of which few are left. */
@Component
class StockEvents implements EventHandler {

    private static final String LOW = "stock.low.v1";

    private final LetterWriter writer;
    private final FeiraProperties feira;
    private final JsonMapper json;

    StockEvents(LetterWriter writer, FeiraProperties feira, JsonMapper json) {
        this.writer = writer;
        this.feira = feira;
        this.json = json;
    }

    /** The used members of the event's data. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    private record StockData(String sku, Name name, long available, long reorderLevel) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Name(String en, String pt) {}

    @Override
    public String feed() {
        return "stock";
    }

    @Override
    public Set<String> types() {
        return Set.of(LOW);
    }

    @Override
    public void handle(CloudEvent event) {
        var stock = json.treeToValue(event.data(), StockData.class);
        var sku = Objects.requireNonNull(stock.sku(), "sku is missing");
        writer.writeToStaff(
                new Occasion(feed() + "/" + event.id(), event.time()),
                new Letter.OfStock(
                        sku,
                        new Letter.LocalizedText(stock.name().en(), stock.name().pt()),
                        stock.available(),
                        stock.reorderLevel(),
                        URI.create(feira.publicUrl() + "/products/" + sku)));
    }
}
