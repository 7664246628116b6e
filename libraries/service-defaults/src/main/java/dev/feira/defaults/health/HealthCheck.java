package dev.feira.defaults.health;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * Requests a service's health endpoint from within its container, for {@code HEALTHCHECK}: the small image has neither a shell
 * nor curl. It has no dependencies, because it is started every few seconds.
 *
 * <p>Usage: {@code java -cp /app/health dev.feira.defaults.health.HealthCheck http://127.0.0.1:9081/actuator/health/readiness};
 * exits with 0 if the status is 200 within 3 s, otherwise prints the response and exits with 1.
 */
public final class HealthCheck {
    private static final int TIMEOUT = 3_000; // milliseconds

    private HealthCheck() {}

    /**
     * Sends one request.
     *
     * @param arguments the URL
     * @throws IOException if there is no response in time
     */
    public static void main(String[] arguments) throws IOException {
        var connection = (HttpURLConnection) URI.create(arguments[0]).toURL().openConnection();
        connection.setConnectTimeout(TIMEOUT);
        connection.setReadTimeout(TIMEOUT);
        int status = connection.getResponseCode();
        if (status == HttpURLConnection.HTTP_OK) return;
        try (InputStream body = connection.getErrorStream()) {
            System.out.println(
                    status + (body == null ? "" : " " + new String(body.readAllBytes(), StandardCharsets.UTF_8)));
        }
        System.exit(1);
    }
}
