package dev.feira.benchmarks;

import dev.feira.local.Platform;
import dev.feira.local.RunState;
import dev.feira.local.Service;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Measures how soon an event takes effect in another service, and how many do in a second. */
final class EventBenchmark {

    private static final int ORDERS = 100;
    private static final int BACKLOG = 20_000;
    private static final int ORDERS_OF_ROUND = 200;
    private static final double COST_AIM = 1.05;
    private static final double MEDIAN_AIM = 150;
    private static final double SLOWEST_AIM = 1000;
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Duration HELD = Duration.ofMinutes(1);

    /** Returned orders of a product that does not exist, which only catalog-service applies; they change no count. */
    private static final String RETURNED = """
            select 'order', gen_random_uuid(), 'order.returned.v1',
                   cast('{"lines": [{"sku": "NONE", "quantity": 1}], "previousStatus": "DELIVERED"}' as jsonb)
             where n > 0""";

    /** Erasures of accounts that do not exist, which three services apply. */
    private static final String ERASED = """
            select 'user', id, 'user.erased.v1', jsonb_build_object('userId', id)
              from (select gen_random_uuid() where n > 0) as made (id)""";

    private static final String ADD = """
            insert into outbox (id, aggregatetype, aggregateid, type, payload, occurred_at, epoch)
            select gen_random_uuid(), event.*, now(), (select max(number) from outbox_epochs)
              from generate_series(1, %d) n cross join lateral (%s) as event (kind, aggregate, type, payload)""";

    private final BenchmarkContext context;

    EventBenchmark(BenchmarkContext context) {
        this.context = context;
    }

    void run() throws IOException, InterruptedException, SQLException {
        try (var platform = context.start(context.options(), "Starting Feira for events")) {
            var shop = BenchmarkContext.shop(platform);
            var orders = new OrderClient(shop.gateway(), shop.restock(context.progress()));
            var order = orders.order(shop.customer(), OrderClient.LINES);
            try (var _ =
                    context.progress().begin("Orders one after the other", () -> orders.confirmed() + " confirmed")) {
                for (var i = 0; i < ORDERS; i++) {
                    LoadGenerator.once(order);
                }
            }
            reportDelay("its sale counted", delays(platform, Service.CATALOG));
            reportDelay("its mail written", delays(platform, Service.NOTIFICATION));
            reportCost(platform, order);
            reportRate(
                    "events applied in a second, one consumer",
                    seconds(platform, Service.ORDER, RETURNED, List.of(Service.CATALOG)),
                    "%d events in the outbox at once; a second service reads them and applies none".formatted(BACKLOG));
            reportRate(
                    "the same, after a held transaction",
                    secondsAfterHeldTransaction(platform),
                    "a transaction in the database was open for %d s; from its end".formatted(HELD.toSeconds()));
            reportRate(
                    "events applied in a second, three consumers",
                    seconds(
                            platform,
                            Service.USER,
                            ERASED,
                            List.of(Service.ORDER, Service.GATEWAY, Service.NOTIFICATION)),
                    "%d erasures at once, until the slowest service has applied them".formatted(BACKLOG));
        }
    }

    /**
     * Compares the CPU time of orders whose events are stored, read and applied with that of orders without. The trigger leaves
     * the row out in PostgreSQL: order-service makes the event and its statement in both.
     */
    private void reportCost(Platform platform, LoadGenerator.Call order) throws SQLException, InterruptedException {
        var with = new ArrayList<ProcessorTime>();
        var without = new ArrayList<ProcessorTime>();
        try (var outbox = platform.postgres().connect(Service.ORDER);
                var statement = outbox.createStatement();
                var _ = context.progress()
                        .begin("CPU time with and without events", () -> without.size() + " rounds")) {
            statement.execute(
                    "create function no_event() returns trigger language plpgsql as 'begin return null; end'");
            processorTime(platform, order); // warm-up
            for (var round = 0; round < context.settings().rounds(); round++) {
                for (var stored : round % 2 == 0 ? new boolean[] {true, false} : new boolean[] {false, true}) {
                    if (stored) {
                        with.add(processorTime(platform, order));
                    } else {
                        statement.execute(
                                "create trigger no_event before insert on outbox for each row execute function no_event()");
                        without.add(processorTime(platform, order));
                        statement.execute("drop trigger no_event on outbox");
                    }
                }
            }
        }
        reportCost(Service.ORDER.module(), with, without, ProcessorTime::producer, true);
        reportCost("all processes with the mail and the sale", with, without, ProcessorTime::all, false);
    }

    /** CPU time of the orders of a round, ms: of order-service, and of all processes with PostgreSQL and the consumers. */
    private record ProcessorTime(double producer, double all) {

        static ProcessorTime of(Platform platform) {
            var usage = ProcessUsage.of(RunState.read(platform.data()).orElseThrow());
            usage.keySet().removeAll(List.of("launcher", "guard")); // this process, which generates the load
            return new ProcessorTime(
                    Objects.requireNonNull(usage.get(Service.ORDER.module())).cpu(),
                    ProcessUsage.sum(usage).cpu());
        }
    }

    private ProcessorTime processorTime(Platform platform, LoadGenerator.Call order)
            throws SQLException, InterruptedException {
        var before = ProcessorTime.of(platform);
        LoadGenerator.repeat(PlatformBenchmark.CPU_CLIENTS, ORDERS_OF_ROUND, order);
        awaitAllReceived(platform);
        var after = ProcessorTime.of(platform);
        return new ProcessorTime(after.producer - before.producer, after.all - before.all);
    }

    /** Waits until the consumers of orders have applied what is stored. */
    private void awaitAllReceived(Platform platform) throws SQLException, InterruptedException {
        for (var consumer : List.of(Service.CATALOG, Service.NOTIFICATION)) {
            try (var outbox = platform.postgres().connect(Service.ORDER);
                    var inbox = platform.postgres().connect(consumer)) {
                awaitReceived(inbox, "orders", confirmed(outbox));
            }
        }
    }

    private static long confirmed(Connection outbox) throws SQLException {
        try (var statement = outbox.createStatement();
                var row = statement.executeQuery("select count(*) from outbox where type = 'order.confirmed.v1'")) {
            row.next();
            return row.getLong(1);
        }
    }

    private void reportCost(
            String what,
            List<ProcessorTime> with,
            List<ProcessorTime> without,
            ToDoubleFunction<ProcessorTime> time,
            boolean hasAim) {
        var ratios = Figures.of(IntStream.range(0, with.size())
                .mapToObj(round -> time.applyAsDouble(with.get(round)) / time.applyAsDouble(without.get(round)))
                .toList());
        context.report()
                .add(
                        "CPU time of an order ÷ without its event, " + what,
                        ratios.withSpread("%.2f"),
                        hasAim ? Report.aim("≤ 1.05", ratios.median() <= COST_AIM) : "",
                        "%d pairs of rounds of %d orders by %d clients; a trigger leaves the row of the outbox out, so nothing is read and applied"
                                .formatted(with.size(), ORDERS_OF_ROUND, PlatformBenchmark.CPU_CLIENTS));
    }

    /** Returns milliseconds from the change to the transaction of its effect, of one machine and one clock. */
    private List<Double> delays(Platform platform, Service consumer) throws SQLException, InterruptedException {
        try (var outbox = platform.postgres().connect(Service.ORDER);
                var inbox = platform.postgres().connect(consumer)) {
            awaitReceived(inbox, "orders", ORDERS);
            var happened =
                    times(outbox, "select cast(id as text), occurred_at from outbox where type = 'order.confirmed.v1'");
            var delays = new ArrayList<Double>();
            times(inbox, "select id, received_at from received_events").forEach((id, received) -> {
                var since = happened.get(id);
                if (since != null) {
                    delays.add(Duration.between(since, received).toNanos() / 1e6);
                }
            });
            return delays;
        }
    }

    private static Map<String, Instant> times(Connection connection, String query) throws SQLException {
        var times = new HashMap<String, Instant>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            while (rows.next()) {
                times.put(
                        rows.getString(1),
                        rows.getObject(2, OffsetDateTime.class).toInstant());
            }
        }
        return times;
    }

    /** Returns how long the consumers take together to apply a backlog. */
    private double seconds(Platform platform, Service producer, String events, List<Service> consumers)
            throws SQLException, InterruptedException {
        var feed = producer == Service.ORDER ? "orders" : "users";
        var inboxes = new ArrayList<Connection>();
        try (var outbox = platform.postgres().connect(producer)) {
            var before = new ArrayList<Long>();
            for (var consumer : consumers) {
                inboxes.add(platform.postgres().connect(consumer));
                before.add(received(inboxes.getLast(), feed));
            }
            add(outbox, events);
            var begun = System.nanoTime();
            for (var i = 0; i < inboxes.size(); i++) {
                awaitReceived(inboxes.get(i), feed, before.get(i) + BACKLOG);
            }
            return (System.nanoTime() - begun) / 1e9;
        } finally {
            for (var inbox : inboxes) {
                inbox.close();
            }
        }
    }

    private double secondsAfterHeldTransaction(Platform platform) throws SQLException, InterruptedException {
        try (var outbox = platform.postgres().connect(Service.ORDER);
                var inbox = platform.postgres().connect(Service.CATALOG);
                var held = platform.postgres().connect(Service.ORDER)) {
            var before = received(inbox, "orders");
            held.setAutoCommit(false);
            try (var statement = held.createStatement()) {
                statement.execute("select pg_current_xact_id()");
            }
            add(outbox, RETURNED);
            try (var _ = context.progress().begin("Holding a transaction open")) {
                TimeUnit.SECONDS.sleep(HELD.toSeconds());
            }
            if (received(inbox, "orders") != before) {
                throw new MeasurementFailed("Events were applied while an older transaction was open");
            }
            held.rollback();
            var begun = System.nanoTime();
            awaitReceived(inbox, "orders", before + BACKLOG);
            return (System.nanoTime() - begun) / 1e9;
        }
    }

    private static void add(Connection outbox, String events) throws SQLException {
        try (var statement = outbox.createStatement()) {
            statement.execute(ADD.formatted(BACKLOG, events));
            statement.execute("select pg_notify('outbox', '')");
        }
    }

    private void awaitReceived(Connection inbox, String feed, long count) throws SQLException, InterruptedException {
        var deadline = System.nanoTime() + LIMIT.toNanos();
        try (var _ = context.progress().begin("Waiting for %d events of %s".formatted(count, feed))) {
            while (received(inbox, feed) < count) {
                if (System.nanoTime() > deadline) {
                    throw new MeasurementFailed(
                            "%d of %d events were applied in %s".formatted(received(inbox, feed), count, LIMIT));
                }
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
    }

    private static long received(Connection inbox, String feed) throws SQLException {
        try (var statement = inbox.prepareStatement("select count(*) from received_events where feed = ?")) {
            statement.setString(1, feed);
            try (var row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private void reportDelay(String effect, List<Double> delays) {
        var figures = Figures.of(delays);
        context.report()
                .add(
                        "from an order's confirmation to %s, median".formatted(effect),
                        "%.0f ms †".formatted(figures.median()),
                        Report.aim("≤ 150 ms", figures.median() <= MEDIAN_AIM),
                        "%d orders one after the other: from the event's time to the transaction of its effect"
                                .formatted(delays.size()));
        context.report()
                .add(
                        "the same, slowest 1 %",
                        "%.0f ms †".formatted(figures.percentile(0.99)),
                        Report.aim("≤ 1 s", figures.percentile(0.99) <= SLOWEST_AIM),
                        "longest %.0f ms".formatted(figures.most()));
    }

    private void reportRate(String what, double seconds, String method) {
        context.report().add(what, "%.0f †".formatted(BACKLOG / seconds), "", method);
    }
}
