package dev.feira.notification.events;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.feira.defaults.FeiraProperties;
import dev.feira.events.CloudEvent;
import dev.feira.events.inbox.EventHandler;
import dev.feira.notification.application.LetterWriter;
import dev.feira.notification.domain.Letter;
import dev.feira.notification.domain.MailKind;
import dev.feira.notification.domain.Occasion;
import java.math.BigDecimal;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Writes to customers about their orders. */
@Component
class OrderEvents implements EventHandler {

    private static final Map<String, MailKind> KINDS = Map.of(
            "order.confirmed.v1", MailKind.ORDER_CONFIRMED,
            "order.rejected.v1", MailKind.ORDER_REJECTED,
            "order.shipped.v1", MailKind.ORDER_SHIPPED,
            "order.cancelled.v1", MailKind.ORDER_CANCELLED,
            "order.refunded.v1", MailKind.ORDER_REFUNDED);

    private final LetterWriter writer;
    private final FeiraProperties feira;
    private final JsonMapper json;

    OrderEvents(LetterWriter writer, FeiraProperties feira, JsonMapper json) {
        this.writer = writer;
        this.feira = feira;
        this.json = json;
    }

    /** The used members of the event's data. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    private record OrderData(
            String orderId,
            String customerId,
            List<OrderedLine> lines,
            Amount total,
            @Nullable String rejection) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    private record OrderedLine(Name name, int quantity, Amount total) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Name(String en, String pt) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Amount(BigDecimal amount, String currency) {

        Letter.Amount asAmount() {
            return new Letter.Amount(amount, currency);
        }
    }

    @Override
    public String feed() {
        return "orders";
    }

    @Override
    public Set<String> types() {
        return KINDS.keySet();
    }

    @Override
    public void handle(CloudEvent event) {
        var order = json.treeToValue(event.data(), OrderData.class);
        var orderId = Objects.requireNonNull(order.orderId(), "orderId");
        var customerId = Objects.requireNonNull(order.customerId(), "customerId");
        writer.write(
                new Occasion(feed() + "/" + event.id(), event.time()),
                customerId,
                new Letter.OfOrder(
                        Objects.requireNonNull(KINDS.get(event.type())),
                        orderId,
                        order.lines().stream()
                                .map(line -> new Letter.Line(
                                        new Letter.LocalizedText(
                                                line.name().en(), line.name().pt()),
                                        line.quantity(),
                                        line.total().asAmount()))
                                .toList(),
                        order.total().asAmount(),
                        order.rejection(),
                        URI.create(feira.publicUrl() + "/orders/" + orderId)));
    }
}
