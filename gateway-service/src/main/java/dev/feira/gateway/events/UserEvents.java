package dev.feira.gateway.events;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.feira.events.CloudEvent;
import dev.feira.events.inbox.EventHandler;
import dev.feira.gateway.login.UserSessions;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Ends the sessions of erased users, by the events of user-service. */
@Component
class UserEvents implements EventHandler {

    private static final Logger log = LoggerFactory.getLogger(UserEvents.class);
    private static final String ERASED = "user.erased.v1";

    private final UserSessions sessions;
    private final JsonMapper json;

    UserEvents(UserSessions sessions, JsonMapper json) {
        this.sessions = sessions;
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
        log.info("Ended {} sessions of an erased user", sessions.end(user));
    }
}
