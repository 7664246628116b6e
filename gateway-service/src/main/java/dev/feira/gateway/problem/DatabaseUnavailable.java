package dev.feira.gateway.problem;

import java.time.Duration;
import org.springframework.http.HttpStatus;

/** The problem when a session cannot be read: an outage, never "you are not signed in". */
public final class DatabaseUnavailable {

    /** 503, to be retried after 2 seconds. */
    public static final GatewayProblem PROBLEM = new GatewayProblem(
            HttpStatus.SERVICE_UNAVAILABLE,
            "database-unavailable",
            "Your session cannot be read right now. Retry after 2 seconds.",
            Duration.ofSeconds(2));

    private DatabaseUnavailable() {}
}
