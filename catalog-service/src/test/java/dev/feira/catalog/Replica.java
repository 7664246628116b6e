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

/** One more instance of the service, on a database of the test's choice. */
record Replica(ConfigurableApplicationContext context, TestCatalog market) implements AutoCloseable {

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
        for (var property : properties) { // the test's own come last
            put(settings, property);
        }
        var service = new SpringApplicationBuilder(CatalogService.class).registerShutdownHook(false);
        // Logging belongs to the JVM: two replicas that set it up at the same moment would take it from each other.
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
