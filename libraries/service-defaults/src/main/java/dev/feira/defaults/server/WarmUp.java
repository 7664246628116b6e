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
 * Asks the service for what people will ask it for, when its port is open and before it says that it is ready. The first
 * requests of a JVM take many times as long as the later ones; in a rollout on busy machines somebody's would come to their
 * deadline.
 *
 * <p>It takes {@code feira.warm-up.limit} at most and prevents no start: what is not answered, or by a server error, is asked
 * for no more. A refusal (a 401, say) warms what comes before it.
 */
final class WarmUp implements ApplicationRunner {

    private static final Logger log = LoggerFactory.getLogger(WarmUp.class);

    private final FeiraProperties.WarmUp settings;
    private final Environment environment;

    WarmUp(FeiraProperties.WarmUp settings, Environment environment) {
        this.settings = settings;
        this.environment = environment;
    }

    /** Runs when the port is open; Spring Boot calls the service ready after it. */
    @Override
    public void run(ApplicationArguments arguments) {
        if (settings.times() == 0 || settings.paths().isEmpty()) {
            return;
        }
        var server = "http://127.0.0.1:" + environment.getRequiredProperty("local.server.port", Integer.class);
        var begin = System.nanoTime();
        var answered = 0;
        for (var path : settings.paths()) {
            for (var i = 0; i < settings.times(); i++) {
                var left = settings.limit().minusNanos(System.nanoTime() - begin);
                if (!left.isPositive() || !isAnswered(URI.create(server + path), left)) {
                    break;
                }
                answered++;
            }
        }
        log.info(
                "Warmed up by {} requests in {} ms",
                answered,
                Duration.ofNanos(System.nanoTime() - begin).toMillis());
    }

    private static boolean isAnswered(URI uri, Duration limit) {
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
                    body.readAllBytes(); // the connection is kept for the next request
                }
            }
            return status < 500;
        } catch (IOException e) {
            return false;
        }
    }
}
