package dev.feira.order.events;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.feira.events.CloudEvent;
import dev.feira.events.inbox.EventHandler;
import dev.feira.order.domain.ErasedCustomers;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Erases customers by the events of user-service. */
@Component
class UserEvents implements EventHandler {

    private static final String ERASED = "user.erased.v1";

    private final ErasedCustomers erased;
    private final JsonMapper json;

    UserEvents(ErasedCustomers erased, JsonMapper json) {
        this.erased = erased;
        this.json = json;
    }

    /** The used member of the event's data. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    private record UserData(@Nullable String userId) {}

    @Override
    public String feed() {
        return "users";
    }

    @Override
    public Set<String> types() {
        return Set.of(ERASED);
    }

    @Override
    public void handle(CloudEvent event) {
        var user = json.treeToValue(event.data(), UserData.class).userId();
        if (user == null || user.isBlank()) {
            throw new IllegalArgumentException("the event names no userId");
        }
        erased.add(user, event.time());
    }
}
