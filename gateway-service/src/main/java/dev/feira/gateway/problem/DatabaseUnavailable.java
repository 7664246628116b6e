package dev.feira.gateway.problem;

import java.time.Duration;
import org.springframework.http.HttpStatus;

/** The answer where a login session cannot be read: an outage, never "you are not signed in". */
public final class DatabaseUnavailable {

    /** 503, worth another try in two seconds. */
    public static final GatewayProblem FAILURE = new GatewayProblem(
            HttpStatus.SERVICE_UNAVAILABLE,
            "database-unavailable",
            "Your session cannot be read right now. Please try again in a moment.",
            Duration.ofSeconds(2));

    private DatabaseUnavailable() {}
}
