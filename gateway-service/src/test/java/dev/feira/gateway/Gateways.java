package dev.feira.gateway;

import dev.feira.test.PostgresConfiguration;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.io.ClassPathResource;

/**
 * Real gateways on random ports over one real database: the same jar, started as in production. Deadlines are shorter
 * than in production, so that tests that wait for them are quick.
 */
public final class Gateways {

    public static final String PUBLIC_URL = "http://localhost:8080";
    public static final String SECRET = "a-secret-for-tests-only";
    public static final String SERVICE_SECRET = "another-secret-for-tests-only";

    private static final JdbcConnectionDetails DATABASE = PostgresConfiguration.freshDatabase();
    public static final IdentityProvider IDENTITY = new IdentityProvider(PUBLIC_URL, SECRET);

    private static final String ROUTES = "spring.cloud.gateway.server.webmvc.routes[";

    private static volatile Gateway first;
    private static volatile Gateway second;

    private Gateways() {}

    /** The gateway that most tests share. */
    public static synchronized Gateway first() {
        if (first == null) {
            first = start();
        }
        return first;
    }

    /** Another replica, on the same database. */
    public static synchronized Gateway second() {
        if (second == null) {
            second = start();
        }
        return second;
    }

    /** Starts a gateway with properties of the test's own, on the shared database. */
    public static Gateway start(String... properties) {
        var arguments = new ArrayList<>(List.of(
                "--server.port=0",
                "--management.server.port=0",
                "--spring.datasource.url=" + DATABASE.getJdbcUrl(),
                "--spring.datasource.username=" + DATABASE.getUsername(),
                "--spring.datasource.password=" + DATABASE.getPassword(),
                "--feira.database.migration-wait=60s",
                "--feira.public-url=" + PUBLIC_URL,
                "--feira.identity.url=" + IDENTITY.url(),
                "--feira.gateway.login.client-secret=" + SECRET,
                "--feira.inbox.client.secret=" + SERVICE_SECRET,
                "--management.metrics.observations.ignored-meters=", // tests wait for requests under way
                "--feira.gateway.limits.enabled=false",
                "--feira.gateway.forwarding.eject-for=300ms",
                "--feira.gateway.forwarding.waits-per-caller=4",
                "--resilience4j.bulkhead.instances.browsing.max-concurrent-calls=4",
                "--resilience4j.bulkhead.instances.browsing.max-wait-duration=20ms",
                "--Deadline.browsing=1s",
                "--RetryOnAnotherInstance.browsing=400ms",
                "--Deadline.checkout=1500ms",
                "--RetryOnAnotherInstance.checkout=700ms",
                "--resilience4j.circuitbreaker.configs.default.wait-duration-in-open-state=500ms"));
        for (var property : properties) {
            var name = "--" + property.substring(0, property.indexOf('=') + 1);
            arguments.removeIf(argument -> argument.startsWith(name)); // given twice, both values would count
            arguments.add("--" + property);
        }
        arguments.addAll(routes(arguments));
        var context = new SpringApplicationBuilder(GatewayService.class, Discovery.class)
                .registerShutdownHook(false)
                .run(arguments.toArray(String[]::new));
        return new Gateway(context);
    }

    /** Returns the routes of application.yaml with the times that {@code --FILTER.CLASS=TIME} gives a traffic class. */
    private static List<String> routes(List<String> arguments) {
        var yaml = new YamlPropertiesFactoryBean();
        yaml.setResources(new ClassPathResource("application.yaml"));
        var all = new TreeMap<String, String>();
        Objects.requireNonNull(yaml.getObject()).forEach((name, value) -> all.put((String) name, value.toString()));
        var routes = all.tailMap(ROUTES, true);
        return routes.keySet().stream()
                .filter(name -> name.startsWith(ROUTES))
                .map(name -> "--" + name + "=" + timed(name, routes, arguments))
                .toList();
    }

    private static String timed(String name, Map<String, String> routes, List<String> arguments) {
        var value = routes.get(name);
        var filter = value.split("=", 2)[0];
        var route = name.replaceFirst("(?<=\\])\\..*", "");
        return arguments.stream()
                .filter(argument -> argument.startsWith("--" + filter + "."))
                .map(argument -> argument.substring(filter.length() + 3).split("=", 2))
                .filter(time -> routes.entrySet().stream()
                        .anyMatch(other -> other.getKey().startsWith(route + ".")
                                && other.getValue().equals("TrafficClass=" + time[0])))
                .map(time -> filter + "=" + time[1])
                .findFirst()
                .orElse(value);
    }

    /** Instances that a test can change while the gateway runs. */
    @TestConfiguration(proxyBeanMethods = false)
    public static class Discovery {

        @Bean
        Instances testInstances() {
            return new Instances();
        }
    }

    /** As {@link Discovery}. */
    public static final class Instances implements DiscoveryClient {

        private final Map<String, List<ServiceInstance>> instances = new ConcurrentHashMap<>();

        @Override
        public String description() {
            return "instances that tests set";
        }

        @Override
        public List<ServiceInstance> getInstances(String service) {
            return instances.getOrDefault(service, List.of());
        }

        @Override
        public List<String> getServices() {
            return List.copyOf(instances.keySet());
        }

        @Override
        public int getOrder() {
            return Ordered.HIGHEST_PRECEDENCE;
        }
    }

    /** One running gateway. */
    public record Gateway(ConfigurableApplicationContext context) implements AutoCloseable {

        public int port() {
            return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        }

        public int managementPort() {
            return context.getEnvironment().getRequiredProperty("local.management.port", Integer.class);
        }

        public String url() {
            return "http://localhost:" + port();
        }

        public Http http() {
            return new Http(url());
        }

        /** From now on {@code service} has these instances, each 127.0.0.1:port. */
        public Gateway with(String service, Integer... ports) {
            context.getBean(Instances.class)
                    .instances
                    .put(
                            service,
                            Arrays.stream(ports)
                                    .<ServiceInstance>map(port -> new DefaultServiceInstance(
                                            "127.0.0.1:" + port, service, "127.0.0.1", port, false))
                                    .toList());
            return this;
        }

        public Gateway with(String service, Backend... backends) {
            return with(service, Arrays.stream(backends).map(Backend::port).toArray(Integer[]::new));
        }

        public CircuitBreaker breaker(String route) {
            return context.getBean(CircuitBreakerRegistry.class).circuitBreaker(route);
        }

        /** Closes every breaker and forgets what it counted. */
        public Gateway healed() {
            context.getBean(CircuitBreakerRegistry.class)
                    .getAllCircuitBreakers()
                    .forEach(CircuitBreaker::reset);
            return this;
        }

        @Override
        public void close() {
            context.close();
        }
    }
}
