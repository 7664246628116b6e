package dev.feira.local;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The services of the platform, in display order. */
public enum Service {
    GATEWAY(
            "gateway-service",
            "gateway",
            8080,
            "FEIRA_PUBLIC_URL",
            List.of("FEIRA_GATEWAY_CLIENT_SECRET", "FEIRA_GATEWAY_SERVICE_CLIENT_SECRET"),
            List.of("/", "/session", "/api-docs")),
    CATALOG(
            "catalog-service",
            "catalog",
            8081,
            "FEIRA_CATALOG_URL",
            List.of("FEIRA_CATALOG_CLIENT_SECRET"),
            List.of("/products?q=tomat&limit=5", "/categories", "/openapi.json/public")),
    ORDER(
            "order-service",
            "orders",
            8082,
            "FEIRA_ORDER_URL",
            List.of("FEIRA_ORDER_CLIENT_SECRET", "FEIRA_PAYMENTS_API_KEY", "FEIRA_PAYMENTS_WEBHOOK_SECRET"),
            List.of("/orders", "/openapi.json/public")),
    USER(
            "user-service",
            "users",
            8083,
            "FEIRA_USER_URL",
            List.of(
                    "FEIRA_GATEWAY_CLIENT_SECRET",
                    "FEIRA_ORDER_CLIENT_SECRET",
                    "FEIRA_CATALOG_CLIENT_SECRET",
                    "FEIRA_NOTIFICATION_CLIENT_SECRET",
                    "FEIRA_GATEWAY_SERVICE_CLIENT_SECRET",
                    "FEIRA_KEY_ENCRYPTION_SECRET",
                    Secrets.DEMO_PASSWORD),
            List.of("/id/.well-known/openid-configuration", "/id/oauth2/jwks", "/id/login", "/id/openapi.json/public")),
    NOTIFICATION(
            "notification-service",
            "notifications",
            8085,
            "FEIRA_NOTIFICATION_URL",
            List.of("FEIRA_NOTIFICATION_CLIENT_SECRET"),
            List.of("/mails", "/openapi.json/public")),
    PAYMENT_SIMULATOR(
            "payment-simulator",
            "payments",
            8084,
            "FEIRA_PAYMENTS_URL",
            List.of("FEIRA_PAYMENTS_API_KEY", "FEIRA_PAYMENTS_WEBHOOK_SECRET"),
            List.of("/cards"));

    private final String module;
    private final String database;
    private final int port;
    private final String urlVariable;
    private final List<String> secretVariables;
    private final List<String> warmUpPaths;

    Service(
            String module,
            String database,
            int port,
            String urlVariable,
            List<String> secretVariables,
            List<String> warmUpPaths) {
        this.module = module;
        this.database = database;
        this.port = port;
        this.urlVariable = urlVariable;
        this.secretVariables = secretVariables;
        this.warmUpPaths = warmUpPaths;
    }

    /** The Maven module, also the name in service discovery, in Kubernetes and of the image. */
    public String module() {
        return module;
    }

    /** Its database and the role that owns it. */
    public String database() {
        return database;
    }

    /** The default port; replica n listens 10 × (n − 1) above. */
    public int port() {
        return port;
    }

    /** The default port for health and metrics. */
    public int managementPort() {
        return port + 1000;
    }

    /** The prefix of all its paths: empty, or with a leading slash and none at the end. */
    public String contextPath() {
        return this == USER ? "/id" : "";
    }

    /** The paths that AOT training requests, so that the cache has the classes behind them. */
    List<String> warmUpPaths() {
        return warmUpPaths;
    }

    /** The variable with the address of its first replica. */
    String urlVariable() {
        return urlVariable;
    }

    /** The variable with the password of its database role. */
    String passwordVariable() {
        return "FEIRA_DB_PASSWORD_" + database.toUpperCase(Locale.ROOT);
    }

    /** The secrets that it receives; no service receives the others. */
    List<String> secretVariables() {
        return secretVariables;
    }

    /** Returns the environment variables that do not depend on the addresses of other services. */
    Map<String, String> environment(PostgresServer postgres, Secrets secrets) {
        var variables = new HashMap<String, String>();
        variables.put("FEIRA_POSTGRES", "127.0.0.1:" + postgres.port());
        variables.put("SPRING_DATASOURCE_PASSWORD", secrets.get(passwordVariable()));
        secretVariables.forEach(name -> secrets.find(name).ifPresent(value -> variables.put(name, value)));
        // glibc gives each thread an arena of its own by default; two arenas save tens of megabytes
        variables.put("MALLOC_ARENA_MAX", "2");
        return variables;
    }

    /** Finds the service with this module name. */
    public static Optional<Service> ofModule(String module) {
        return Arrays.stream(values())
                .filter(service -> service.module.equals(module))
                .findFirst();
    }
}
