package dev.feira.defaults.server;

import dev.feira.defaults.FeiraProperties;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.core.env.Environment;

/**
 * Sends requests to the service's own port before it is ready. The first requests of a JVM take many times as long as later
 * ones and could exceed their deadline during a rollout.
 *
 * <p>Takes at most {@code feira.warm-up.limit} and never prevents the start: a path that fails or returns a server error is not
 * requested again. A client error, such as 401, warms up the filters before it.
 */
final class WarmUp implements ApplicationRunner {

    private static final Logger log = LoggerFactory.getLogger(WarmUp.class);

    private final FeiraProperties.WarmUp settings;
    private final Environment environment;

    WarmUp(FeiraProperties.WarmUp settings, Environment environment) {
        this.settings = settings;
        this.environment = environment;
    }

    /** Runs after the port is open and before Spring Boot reports readiness. */
    @Override
    public void run(ApplicationArguments arguments) {
        if (settings.times() == 0 || settings.paths().isEmpty()) {
            return;
        }
        var server = "http://127.0.0.1:" + environment.getRequiredProperty("local.server.port", Integer.class);
        var begin = System.nanoTime();
        var succeeded = 0;
        for (var path : settings.paths()) {
            for (var i = 0; i < settings.times(); i++) {
                var left = settings.limit().minusNanos(System.nanoTime() - begin);
                if (!left.isPositive() || !succeeds(URI.create(server + path), left)) {
                    break;
                }
                succeeded++;
            }
        }
        log.info(
                "Warmed up with {} requests in {} ms",
                succeeded,
                Duration.ofNanos(System.nanoTime() - begin).toMillis());
    }

    private static boolean succeeds(URI uri, Duration limit) {
        try {
            var connection = (HttpURLConnection) uri.toURL().openConnection();
            var milliseconds = (int) Math.max(1, limit.toMillis());
            connection.setConnectTimeout(milliseconds);
            connection.setReadTimeout(milliseconds);
            connection.setInstanceFollowRedirects(false);
            connection.setRequestProperty("Accept", "application/json");
            var status = connection.getResponseCode();
            try (var body = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
                if (body != null) {
                    body.readAllBytes(); // keeps the connection for the next request
                }
            }
            return status < 500;
        } catch (IOException e) {
            return false;
        }
    }
}
