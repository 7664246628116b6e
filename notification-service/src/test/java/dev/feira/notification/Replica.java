package dev.feira.notification;

import dev.feira.events.inbox.EventHandler;
import dev.feira.test.TestIdentity;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Another instance of the service. */
record Replica(ConfigurableApplicationContext context, TestMail mail) implements AutoCloseable {

    static Replica on(JdbcConnectionDetails database, String... properties) {
        var settings = new LinkedHashMap<String, String>();
        for (var property : List.of(
                "server.port=0",
                "spring.datasource.url=" + database.getJdbcUrl(),
                "spring.datasource.username=" + database.getUsername(),
                "spring.datasource.password=" + database.getPassword(),
                "feira.database.migration-wait=60s",
                TestIdentity.property())) {
            put(settings, property);
        }
        for (var property : properties) { // properties of the test override the others
            put(settings, property);
        }
        var service = new SpringApplicationBuilder(NotificationService.class).registerShutdownHook(false);
        // logging is configured once per JVM, which two replicas must not do at the same time
        service.application()
                .setListeners(service.application().getListeners().stream()
                        .filter(listener -> !(listener instanceof LoggingApplicationListener))
                        .toList());
        var context = service.run(settings.entrySet().stream()
                .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                .toArray(String[]::new));
        return new Replica(
                context,
                new TestMail(
                        "http://localhost:" + context.getEnvironment().getRequiredProperty("local.server.port"),
                        context.getBean(JdbcClient.class),
                        List.copyOf(context.getBeansOfType(EventHandler.class).values()),
                        new TransactionTemplate(context.getBean(PlatformTransactionManager.class))));
    }

    private static void put(Map<String, String> settings, String property) {
        var end = property.indexOf('=');
        settings.put(property.substring(0, end), property.substring(end + 1));
    }

    String health(String group) {
        var port = context.getEnvironment().getRequiredProperty("local.management.port");
        return new TestMail("http://localhost:" + port, mail.jdbc(), List.of(), mail.transactions())
                .get(TestMail.ANYONE, "/actuator/health" + group)
                .toString();
    }

    @Override
    public void close() {
        context.close();
    }
}
