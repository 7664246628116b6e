package dev.feira.payment;

import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;

/** Starts a replica of the simulator with short delays. */
final class Simulator implements AutoCloseable {

    private final ServletWebServerApplicationContext context;

    Simulator(JdbcConnectionDetails database, String webhookUrl, String... settings) {
        var arguments = new ArrayList<>(List.of(
                "--server.port=0",
                "--management.server.port=0",
                "--feira.database.migration-wait=60s",
                "--spring.datasource.url=" + database.getJdbcUrl(),
                "--spring.datasource.username=" + database.getUsername(),
                "--spring.datasource.password=" + database.getPassword(),
                "--feira.payments.api-key=" + Shop.API_KEY,
                "--feira.payments.webhook.url=" + webhookUrl,
                "--feira.payments.webhook.secret=" + ShopWebhook.SECRET,
                "--feira.payments.late-response=1500ms",
                "--feira.payments.settlement=700ms",
                "--feira.payments.quick-settlement=100ms",
                "--feira.payments.settlement-interval=50ms",
                "--feira.payments.webhook.poll-interval=50ms",
                "--feira.payments.webhook.first-retry=100ms"));
        for (var setting : settings) {
            var name = setting.substring(0, setting.indexOf('=') + 1);
            arguments.removeIf(argument -> argument.startsWith(name));
            arguments.add(setting);
        }
        context = (ServletWebServerApplicationContext) new SpringApplicationBuilder(PaymentSimulator.class)
                .registerShutdownHook(false)
                .run(arguments.toArray(String[]::new));
    }

    int port() {
        return context.getWebServer().getPort();
    }

    @Override
    public void close() {
        context.close();
    }
}
