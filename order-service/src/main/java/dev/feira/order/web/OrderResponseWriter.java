package dev.feira.order.web;

import dev.feira.defaults.FeiraProperties;
import dev.feira.order.application.ResponseWriter;
import dev.feira.order.application.InvalidOrder;
import dev.feira.order.domain.Order;
import dev.feira.order.domain.RecordedResponse;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Writes the answers to a placed or refused order, as they are sent and kept. */
@Component
class OrderResponseWriter implements ResponseWriter {

    private final JsonMapper json;
    private final String prefix;

    OrderResponseWriter(JsonMapper json, FeiraProperties settings) {
        this.json = json;
        this.prefix = settings.apiPrefix();
    }

    @Override
    public RecordedResponse placed(Order order) {
        return new RecordedResponse(
                HttpStatus.CREATED.value(),
                MediaType.APPLICATION_JSON_VALUE,
                prefix + "/orders/" + order.id(),
                etag(order),
                json.writeValueAsBytes(OrderResponse.of(order)));
    }

    @Override
    public RecordedResponse refused(InvalidOrder refusal) {
        var problem = ApiErrors.problem(refusal);
        return new RecordedResponse(
                problem.getStatus(),
                MediaType.APPLICATION_PROBLEM_JSON_VALUE,
                null,
                null,
                json.writeValueAsBytes(problem));
    }

    /** The version is all that an order's answer depends on. */
    static String etag(Order order) {
        return "\"" + order.version() + "\"";
    }
}
