package dev.feira.benchmarks;

import dev.feira.local.Instance;
import dev.feira.local.Platform;
import dev.feira.local.Secrets;
import dev.feira.local.Service;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * What safety costs: the same load with a guard and without it, in turns on one running platform. Only what can be
 * switched while it runs, or by a second gateway beside the first, is here.
 */
final class GuardCostBenchmark implements AutoCloseable {

    private final Settings settings;
    private final Progress progress;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final JsonMapper json = JsonMapper.builder().build();

    GuardCostBenchmark(Settings settings, Progress progress) {
        this.settings = settings;
        this.progress = progress;
    }

    /**
     * What a guard costs.
     *
     * @param switchedOffBy how it was taken away
     * @param orders per second with it and without it
     * @param latency of a read through the gateway at one client, ms, with it and without it; without rounds where the
     *     guard is not on that way
     */
    record Cost(String guard, String switchedOffBy, Pairs orders, Pairs latency) {}

    /** The rounds with a guard and those without it; each one beside its neighbour. */
    record Pairs(List<Double> with, List<Double> without) {

        Pairs() {
            this(new ArrayList<>(), new ArrayList<>());
        }

        Figures ratios() {
            var ratios = new ArrayList<Double>();
            for (var i = 0; i < with.size(); i++) {
                ratios.add(with.get(i) / without.get(i));
            }
            return Figures.of(ratios);
        }

        Figures differences() {
            var differences = new ArrayList<Double>();
            for (var i = 0; i < with.size(); i++) {
                differences.add(with.get(i) - without.get(i));
            }
            return Figures.of(differences);
        }
    }

    /** Takes a guard away, and gives it back. */
    @FunctionalInterface
    private interface Switch {
        void set(boolean on) throws IOException, InterruptedException, SQLException;
    }

    private static final Switch NOTHING = _ -> {};

    /** Signs somebody in at a shop. */
    @FunctionalInterface
    private interface SignIn {
        Credentials at(Shop shop) throws IOException, InterruptedException;
    }

    /** Where the load goes, and whose it is. */
    private record Side(Shop shop, OrderClient orders, SignIn signIn) {}

    private record Guard(
            String name, String switchedOffBy, boolean onTheWayOfReads, Switch guard, Side with, Side without) {}

    List<Cost> run(Workspace workspace) throws IOException, InterruptedException, SQLException {
        var options = Settings.platform(workspace).withReplicas(Service.GATEWAY, 2);
        Platform started;
        try (var _ = progress.begin("Starting Feira with two gateways")) {
            started = Platform.start(options);
        }
        try (var platform = started) {
            var gateways = platform.instances(Service.GATEWAY);
            try (var _ = progress.begin("Starting the second gateway without limits")) {
                platform.restart(gateways.getLast(), Map.of("FEIRA_GATEWAY_LIMITS_ENABLED", "false"));
            }
            var password = platform.secrets().get(Secrets.DEMO_PASSWORD);
            var guarded = new Shop(platform.url(), password);
            var unlimited =
                    new Shop(URI.create("http://localhost:" + gateways.getLast().port()), password);
            var skus = guarded.restock(progress);
            try (var superuser = platform.postgres().connectAsSuperuser("postgres");
                    var orders = new OrderClient(guarded.gateway(), skus, settings.clients());
                    var unlimitedOrders = new OrderClient(unlimited.gateway(), skus, settings.clients())) {
                try (var _ = progress.begin("Warm-up of both gateways")) {
                    orders.place(guarded.customer(), settings.warmUpOrders());
                    // Tokens name the first gateway as their issuer, which is what both of them expect
                    unlimitedOrders.place(guarded.customer(), settings.warmUpOrders());
                }
                return measure(platform, superuser, skus, guarded, orders, unlimited, unlimitedOrders);
            }
        }
    }

    private List<Cost> measure(
            Platform platform,
            Connection superuser,
            List<String> skus,
            Shop guarded,
            OrderClient orders,
            Shop unlimited,
            OrderClient unlimitedOrders)
            throws IOException, InterruptedException, SQLException {
        var gateways = platform.instances(Service.GATEWAY);
        var orderService = platform.instances(Service.ORDER).getFirst();
        SignIn byToken = _ -> guarded.customer();
        var usual = new Side(guarded, orders, byToken);
        var withoutLimits = new Side(unlimited, unlimitedOrders, byToken);
        var withSession = new Side(guarded, orders, Shop::customerWithSession);
        Switch gatewayBreakers = on -> switchBreakers(gateways.getFirst(), on);
        Switch orderBreakers = on -> switchBreakers(orderService, on);
        Switch durability = on -> switchDurability(superuser, on);
        var guards = List.of(
                new Guard("nothing", "control: shows the measurement's own error", true, NOTHING, usual, usual),
                new Guard(
                        "gateway's circuit breakers",
                        "`POST /actuator/circuitbreakers/{name}` `DISABLE`",
                        true,
                        gatewayBreakers,
                        usual,
                        usual),
                new Guard(
                        "gateway's rate limits (out of reach, but counted)",
                        "a second gateway with `FEIRA_GATEWAY_LIMITS_ENABLED=false`",
                        true,
                        NOTHING,
                        usual,
                        withoutLimits),
                new Guard(
                        "session cookie and CSRF token, instead of a bearer token",
                        "signing in as an API client",
                        true,
                        NOTHING,
                        withSession,
                        usual),
                new Guard(
                        "order-service's circuit breakers",
                        "`POST /actuator/circuitbreakers/{name}` `DISABLE`",
                        false,
                        orderBreakers,
                        usual,
                        usual),
                new Guard(
                        "commits that survive a crash of the machine",
                        "PostgreSQL's `synchronous_commit = off`",
                        false,
                        durability,
                        usual,
                        usual),
                new Guard(
                        "breakers, limits and durable commits together",
                        "all of these at once",
                        true,
                        on -> {
                            switchBreakers(gateways.getLast(), on);
                            orderBreakers.set(on);
                            durability.set(on);
                        },
                        usual,
                        withoutLimits));
        var costs = new ArrayList<Cost>();
        for (var guard : guards) {
            costs.add(measure(guard, "/api/products/" + skus.getFirst()));
        }
        return costs;
    }

    /** With and without in turns, and every second time in the other order: a machine that gets slower meets both. */
    private Cost measure(Guard guard, String path) throws IOException, InterruptedException, SQLException {
        var cost = new Cost(guard.name, guard.switchedOffBy, new Pairs(), new Pairs());
        try (var _ = progress.begin("With and without: " + guard.name, () -> cost.orders.without.size() + " rounds")) {
            round(guard, true, path, new Cost("", "", new Pairs(), new Pairs())); // warm-up, not counted
            for (var round = 0; round < settings.rounds(); round++) {
                round(guard, round % 2 == 0, path, cost);
                round(guard, round % 2 != 0, path, cost);
            }
        }
        return cost;
    }

    private void round(Guard guard, boolean on, String path, Cost cost)
            throws IOException, InterruptedException, SQLException {
        var side = on ? guard.with : guard.without;
        guard.guard.set(on);
        try {
            var customer = side.signIn.at(side.shop);
            var perSecond = side.orders.placeFor(customer, settings.round()).perSecond();
            (on ? cost.orders.with : cost.orders.without).add(perSecond);
            if (guard.onTheWayOfReads) {
                var read = LoadGenerator.get(side.shop.gateway().resolve(path), customer.headers(), 1, readRound());
                (on ? cost.latency.with : cost.latency.without)
                        .add(read.latencies().percentile(0.5));
            }
        } finally {
            guard.guard.set(true);
        }
    }

    private Duration readRound() {
        return settings.round().dividedBy(2);
    }

    private void switchBreakers(Instance instance, boolean on) throws IOException, InterruptedException {
        var all = URI.create(instance.managementUri() + "/actuator/circuitbreakers");
        var names = json.readTree(ask(HttpRequest.newBuilder(all)))
                .path("circuitBreakers")
                .propertyNames();
        for (var name : names) {
            var answer = ask(HttpRequest.newBuilder(URI.create(all + "/" + name))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(
                            "{\"updateState\":\"%s\"}".formatted(on ? "CLOSE" : "DISABLE"))));
            var state = json.readTree(answer).path("currentState").asString("");
            if (!state.equals(on ? "CLOSED" : "DISABLED")) {
                throw new MeasurementFailed("The breaker %s of %s is %s.".formatted(name, instance.name(), state));
            }
        }
    }

    private String ask(HttpRequest.Builder request) throws IOException, InterruptedException {
        var answer = http.send(request.timeout(Duration.ofSeconds(5)).build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new MeasurementFailed("%s answers %d.".formatted(answer.uri(), answer.statusCode()));
        }
        return answer.body();
    }

    private static void switchDurability(Connection superuser, boolean on) throws SQLException {
        try (var statement = superuser.createStatement()) {
            statement.execute("ALTER SYSTEM SET synchronous_commit = " + (on ? "on" : "off"));
            statement.execute("SELECT pg_reload_conf()");
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
