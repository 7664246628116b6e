package dev.feira.order.web;

import dev.feira.defaults.FeiraProperties;
import dev.feira.order.application.InvalidOrder;
import dev.feira.order.application.ResponseWriter;
import dev.feira.order.domain.Order;
import dev.feira.order.domain.RecordedResponse;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Writes the responses to placed and rejected orders, as they are sent and recorded. */
@Component
class OrderResponseWriter implements ResponseWriter<Order> {

    private final JsonMapper json;
    private final String prefix;

    OrderResponseWriter(JsonMapper json, FeiraProperties settings) {
        this.json = json;
        this.prefix = settings.apiPrefix();
    }

    @Override
    public RecordedResponse created(Order order) {
        return new RecordedResponse(
                HttpStatus.CREATED.value(),
                MediaType.APPLICATION_JSON_VALUE,
                prefix + "/orders/" + order.id(),
                etag(order),
                json.writeValueAsBytes(OrderResponse.of(order)));
    }

    @Override
    public RecordedResponse rejected(InvalidOrder rejection) {
        var problem = ApiErrors.problem(rejection);
        return new RecordedResponse(
                problem.getStatus(),
                MediaType.APPLICATION_PROBLEM_JSON_VALUE,
                null,
                null,
                json.writeValueAsBytes(problem));
    }

    /**
     * Returns the ETag: the order's version, on which alone its response depends. It is weak, so that the gateway can compress
     * an order of many lines; no request has {@code If-Match}.
     */
    static String etag(Order order) {
        return "W/\"" + order.version() + "\"";
    }
}
