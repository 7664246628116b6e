package dev.feira.benchmarks;

import dev.feira.local.Instance;
import dev.feira.local.Platform;
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
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;

/**
 * Measures what each guard costs: the same load with the guard and without it, in turn on one running platform. It
 * covers guards that can be disabled at run time, or by a second gateway beside the first.
 */
final class GuardCostBenchmark {

    private static final Switch NOTHING = _ -> {};

    private final BenchmarkContext context;
    private final Report report;
    private final Progress progress;
    private final Settings settings;
    private final JsonMapper json = JsonMapper.builder().build();

    GuardCostBenchmark(BenchmarkContext context) {
        this.context = context;
        this.report = context.report();
        this.progress = context.progress();
        this.settings = context.settings();
    }

    /** Enables or disables a guard. */
    @FunctionalInterface
    private interface Switch {
        void set(boolean enabled) throws IOException, InterruptedException, SQLException;
    }

    /** The gateway that receives the load. */
    private record Side(URI gateway, OrderClient orders) {}

    /**
     * @param affectsReads whether a read through the gateway passes it
     * @param without the gateway of the rounds without it
     */
    private record Guard(String name, String disabledBy, boolean affectsReads, Switch guard, Side without) {}

    /** The values of the rounds with a guard and of the adjacent rounds without it. */
    record Pairs(List<Double> with, List<Double> without) {

        Pairs() {
            this(new ArrayList<>(), new ArrayList<>());
        }

        Figures ratios() {
            return compared((own, other) -> own / other);
        }

        Figures differences() {
            return compared((own, other) -> own - other);
        }

        private Figures compared(DoubleBinaryOperator comparison) {
            return Figures.of(IntStream.range(0, with.size())
                    .mapToObj(pair -> comparison.applyAsDouble(with.get(pair), without.get(pair)))
                    .toList());
        }
    }

    void run() throws IOException, InterruptedException, SQLException {
        var options = context.options().withReplicas(Service.GATEWAY, 2);
        try (var platform = context.start(options, "Starting Feira with two gateways")) {
            var gateways = platform.instances(Service.GATEWAY);
            try (var _ = progress.begin("Starting the second gateway without limits")) {
                platform.restart(gateways.getLast(), Map.of("FEIRA_GATEWAY_LIMITS_ENABLED", "false"));
            }
            var shop = BenchmarkContext.shop(platform);
            var second = URI.create("http://localhost:" + gateways.getLast().port());
            var skus = shop.restock(progress);
            var usual = new Side(shop.gateway(), new OrderClient(shop.gateway(), skus));
            var withoutLimits = new Side(second, new OrderClient(second, skus));
            try (var _ = progress.begin("Warm-up of both gateways")) {
                for (var side : List.of(usual, withoutLimits)) {
                    var order = side.orders.order(shop.customer(), OrderClient.LINES);
                    LoadGenerator.repeat(settings.clients(), settings.warmUpOrders(), order);
                }
            }
            var table = new ArrayList<List<String>>();
            table.add(List.of(
                    "guard",
                    "disabled by",
                    "orders per second, with ÷ without",
                    "the same †",
                    "reading through the gateway, with ÷ without",
                    "ms added †"));
            try (var superuser = platform.postgres().connectAsSuperuser("postgres")) {
                for (var guard : guards(platform, superuser, usual, withoutLimits)) {
                    table.add(measure(guard, usual, shop, "/api/products/" + skus.getFirst()));
                }
            }
            report(table);
        }
    }

    private List<Guard> guards(Platform platform, Connection superuser, Side usual, Side withoutLimits) {
        var gateways = platform.instances(Service.GATEWAY);
        var order = platform.instances(Service.ORDER).getFirst();
        var actuator = "`POST /actuator/circuitbreakers/{name}` `DISABLE`";
        Switch gatewayBreakers = enabled -> switchBreakers(gateways.getFirst(), enabled);
        Switch orderBreakers = enabled -> switchBreakers(order, enabled);
        Switch durability = enabled -> switchDurability(superuser, enabled);
        Switch all = enabled -> {
            switchBreakers(gateways.getLast(), enabled);
            orderBreakers.set(enabled);
            durability.set(enabled);
        };
        return List.of(
                new Guard("nothing", "control: shows the measurement's own error", true, NOTHING, usual),
                new Guard("gateway's circuit breakers", actuator, true, gatewayBreakers, usual),
                new Guard(
                        "gateway's rate limits (out of reach, but counted)",
                        "a second gateway with `FEIRA_GATEWAY_LIMITS_ENABLED=false`",
                        true,
                        NOTHING,
                        withoutLimits),
                new Guard("order-service's circuit breakers", actuator, false, orderBreakers, usual),
                new Guard(
                        "commits that survive a crash of the machine",
                        "PostgreSQL's `synchronous_commit = off`",
                        false,
                        durability,
                        usual),
                new Guard(
                        "breakers, limits and durable commits together",
                        "all of these at once",
                        true,
                        all,
                        withoutLimits));
    }

    /** Alternates, and changes the order every second time, so that a machine that gets slower affects both sides. */
    private List<String> measure(Guard guard, Side usual, Shop shop, String path)
            throws IOException, InterruptedException, SQLException {
        var orders = new Pairs();
        var reads = new Pairs();
        try (var _ = progress.begin("With and without: " + guard.name, () -> orders.without.size() + " rounds")) {
            round(guard, true, usual, shop, path, new Pairs(), new Pairs()); // warm-up
            for (var round = 0; round < settings.rounds(); round++) {
                for (var enabled : round % 2 == 0 ? new boolean[] {true, false} : new boolean[] {false, true}) {
                    round(guard, enabled, enabled ? usual : guard.without, shop, path, orders, reads);
                }
            }
        }
        return List.of(
                guard.name,
                guard.disabledBy,
                orders.ratios().withSpread("%.2f"),
                String.format(
                        Locale.ROOT,
                        "%.1f ÷ %.1f",
                        Figures.of(orders.with).median(),
                        Figures.of(orders.without).median()),
                guard.affectsReads ? reads.ratios().withSpread("%.2f") : "does not pass it",
                guard.affectsReads ? reads.differences().withSpread("%.2f") : "");
    }

    private void round(Guard guard, boolean enabled, Side side, Shop shop, String path, Pairs orders, Pairs reads)
            throws IOException, InterruptedException, SQLException {
        guard.guard.set(enabled);
        try {
            // Both gateways expect tokens of the first one, which is their issuer
            var customer = shop.customer();
            var order = side.orders.order(customer, OrderClient.LINES);
            var placed = LoadGenerator.closedLoop(settings.clients(), settings.round(), order);
            (enabled ? orders.with : orders.without).add(placed.perSecond());
            if (guard.affectsReads) {
                var target = side.gateway.resolve(path);
                var read =
                        LoadGenerator.read(target, customer, 1, settings.round().dividedBy(2));
                (enabled ? reads.with : reads.without).add(read.milliseconds().median());
            }
        } finally {
            guard.guard.set(true);
        }
    }

    private void report(List<List<String>> table) {
        report.chapter("The cost of safety");
        report.table(table);
        report.paragraph("""
            On one platform with two gateways, the second one without limits. Each guard has %d pairs of rounds, with
            and without it in turn. A round is %d s of orders by %d clients, and half as long one client that reads one
            product. Figures are medians, with the least and the most of the pairs. 1.00 costs nothing; the first row
            disables nothing and shows the measurement's error. Every figure includes the guards that cannot be disabled
            at run time. They are idempotency keys, the saga's durable steps, reservation by one conditional statement,
            timeouts, retries and bulkheads, and checks of tokens and owners.
            """.formatted(settings.rounds(), settings.round().toSeconds(), settings.clients()));
    }

    private void switchBreakers(Instance instance, boolean enabled) throws IOException, InterruptedException {
        try (var http = LoadGenerator.client()) {
            var all = URI.create(instance.managementUri() + "/actuator/circuitbreakers");
            var names = json.readTree(send(http, HttpRequest.newBuilder(all)))
                    .path("circuitBreakers")
                    .propertyNames();
            for (var name : names) {
                var body = "{\"updateState\":\"%s\"}".formatted(enabled ? "CLOSE" : "DISABLE");
                var response = send(
                        http,
                        HttpRequest.newBuilder(URI.create(all + "/" + name))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body)));
                var state = json.readTree(response).path("currentState").asString("");
                if (!state.equals(enabled ? "CLOSED" : "DISABLED")) {
                    throw new MeasurementFailed("The breaker %s of %s is %s.".formatted(name, instance.name(), state));
                }
            }
        }
    }

    private static String send(HttpClient http, HttpRequest.Builder request) throws IOException, InterruptedException {
        var response = http.send(request.timeout(Duration.ofSeconds(5)).build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new MeasurementFailed("%s returned %d.".formatted(response.uri(), response.statusCode()));
        }
        return response.body();
    }

    private static void switchDurability(Connection superuser, boolean enabled) throws SQLException {
        try (var statement = superuser.createStatement()) {
            statement.execute("ALTER SYSTEM SET synchronous_commit = " + (enabled ? "on" : "off"));
            statement.execute("SELECT pg_reload_conf()");
        }
    }
}
