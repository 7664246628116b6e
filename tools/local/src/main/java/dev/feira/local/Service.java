package dev.feira.local;

import java.util.List;

/** The processes of the platform, in the order in which they are listed for people. */
public enum Service {
    GATEWAY("gateway-service", "gateway", 8080, "", List.of("/", "/session", "/api-docs")),
    CATALOG(
            "catalog-service",
            "catalog",
            8081,
            "",
            List.of("/products?q=tomat&limit=5", "/categories", "/openapi.json")),
    ORDER("order-service", "orders", 8082, "", List.of("/orders", "/openapi.json")),
    USER(
            "user-service",
            "users",
            8083,
            "/id",
            List.of("/id/.well-known/openid-configuration", "/id/oauth2/jwks", "/id/login", "/id/openapi.json")),
    PAYMENT_SIMULATOR("payment-simulator", "payments", 8084, "", List.of("/cards", "/openapi.json"));

    private final String module;
    private final String database;
    private final int port;
    private final String contextPath;
    private final List<String> warmUpPaths;

    Service(String module, String database, int port, String contextPath, List<String> warmUpPaths) {
        this.module = module;
        this.database = database;
        this.port = port;
        this.contextPath = contextPath;
        this.warmUpPaths = warmUpPaths;
    }

    /** The Maven module, which is also the name of the service in discovery, in Kubernetes and of its image. */
    public String module() {
        return module;
    }

    /** Its database, and the role that owns it. */
    public String database() {
        return database;
    }

    /** Where it listens by default; replica n listens 10 × (n − 1) above. */
    public int port() {
        return port;
    }

    /** Where health and metrics are by default. */
    public int managementPort() {
        return port + 1000;
    }

    /** The path before all its others: empty, or with a leading slash and none at the end. */
    public String contextPath() {
        return contextPath;
    }

    /** What a training run asks it for, so that the classes behind requests are in the cache too. */
    List<String> warmUpPaths() {
        return warmUpPaths;
    }

    /** The variable that tells the others where the first replica is. */
    String urlVariable() {
        return switch (this) {
            case GATEWAY -> "FEIRA_PUBLIC_URL";
            case CATALOG -> "FEIRA_CATALOG_URL";
            case ORDER -> "FEIRA_ORDER_URL";
            case USER -> "FEIRA_USER_URL";
            case PAYMENT_SIMULATOR -> "FEIRA_PAYMENTS_URL";
        };
    }

    /** The variable that holds the password of its database role. */
    String passwordVariable() {
        return "FEIRA_DB_PASSWORD_" + database.toUpperCase(java.util.Locale.ROOT);
    }

    /** The secrets that it may see; no service gets another's. */
    List<String> secretVariables() {
        return switch (this) {
            case GATEWAY -> List.of("FEIRA_GATEWAY_CLIENT_SECRET");
            case CATALOG -> List.of();
            case ORDER ->
                List.of("FEIRA_ORDER_CLIENT_SECRET", "FEIRA_PAYMENTS_API_KEY", "FEIRA_PAYMENTS_WEBHOOK_SECRET");
            case USER ->
                List.of(
                        "FEIRA_GATEWAY_CLIENT_SECRET",
                        "FEIRA_ORDER_CLIENT_SECRET",
                        "FEIRA_KEY_ENCRYPTION_SECRET",
                        "FEIRA_DEMO_PASSWORD");
            case PAYMENT_SIMULATOR -> List.of("FEIRA_PAYMENTS_API_KEY", "FEIRA_PAYMENTS_WEBHOOK_SECRET");
        };
    }

    /** The service with this module name, or null. */
    public static @org.jspecify.annotations.Nullable Service ofModule(String module) {
        for (var service : values()) {
            if (service.module.equals(module)) {
                return service;
            }
        }
        return null;
    }
}
