package dev.feira.catalog;

import dev.feira.test.TestIdentity;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Another instance of the service. */
record Replica(ConfigurableApplicationContext context, TestCatalog catalog) implements AutoCloseable {

    static Replica on(JdbcConnectionDetails database, String... properties) {
        return on(database.getJdbcUrl(), database.getUsername(), database.getPassword(), properties);
    }

    static Replica on(String url, String username, String password, String... properties) {
        var settings = new LinkedHashMap<String, String>();
        for (var property : List.of(
                "server.port=0",
                "spring.datasource.url=" + url,
                "spring.datasource.username=" + username,
                "spring.datasource.password=" + password,
                "feira.database.migration-wait=60s",
                TestIdentity.property())) {
            put(settings, property);
        }
        for (var property : properties) { // properties of the test override the others
            put(settings, property);
        }
        var service = new SpringApplicationBuilder(CatalogService.class).registerShutdownHook(false);
        // logging is configured once per JVM, which two replicas must not do at the same time
        service.application()
                .setListeners(service.application().getListeners().stream()
                        .filter(listener -> !(listener instanceof LoggingApplicationListener))
                        .toList());
        var context = service.run(settings.entrySet().stream()
                .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                .toArray(String[]::new));
        var port = context.getEnvironment().getRequiredProperty("local.server.port");
        return new Replica(context, new TestCatalog("http://localhost:" + port, context.getBean(JdbcClient.class)));
    }

    private static void put(Map<String, String> settings, String property) {
        var end = property.indexOf('=');
        settings.put(property.substring(0, end), property.substring(end + 1));
    }

    @Override
    public void close() {
        context.close();
    }
}
