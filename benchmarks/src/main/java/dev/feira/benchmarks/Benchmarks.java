package dev.feira.benchmarks;

import dev.feira.local.Platform;
import dev.feira.local.PlatformOptions;
import dev.feira.local.Secrets;
import dev.feira.local.Service;
import dev.feira.local.client.Address;
import dev.feira.local.client.FeiraClient;
import dev.feira.local.client.Line;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Starts the built platform on free ports with data of its own, measures it, prints a table and writes it to docs/benchmarks.md. */
@Command(name = "benchmarks", mixinStandardHelpOptions = true, description = "Measures the platform on this machine.")
final class Benchmarks implements Callable<Integer> {

    private static final int CLIENTS = 16;

    /** The gateway's limits are per client, and all load here comes from one. */
    private static final Map<String, String> UNLIMITED = Map.of("FEIRA_GATEWAY_LIMITS_ENABLED", "false");

    @Option(names = "--orders", description = "orders to place, default ${DEFAULT-VALUE}", defaultValue = "1000")
    int orders;

    @Option(names = "--rounds", description = "pairs of rounds, default ${DEFAULT-VALUE}", defaultValue = "5")
    int rounds;

    @Option(names = "--round-length", description = "seconds of a round, default ${DEFAULT-VALUE}", defaultValue = "5")
    int roundLength;

    @Option(
            names = "--write",
            description = "where the table goes, default ${DEFAULT-VALUE}",
            defaultValue = "docs/benchmarks.md")
    Path write = Path.of("docs/benchmarks.md");

    @Spec
    @org.jspecify.annotations.Nullable CommandSpec spec;

    private final List<Row> rows = new ArrayList<>();

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Benchmarks()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        var options = PlatformOptions.temporary();
        for (var limit : UNLIMITED.entrySet()) {
            options = options.withEnvironment(Service.GATEWAY, limit.getKey(), limit.getValue());
        }
        Platform.start(options).close(); // so that the processor's and the disk's caches are as on a second day
        var begin = System.nanoTime();
        try (var platform = Platform.start(options)) {
            add(
                    "start, empty database to all healthy",
                    "%.1f s".formatted((System.nanoTime() - begin) / 1e9),
                    "≤ 25 s",
                    "wall clock of the second start, jars built, until every readiness is 200");
            memory(ProcessHandle.current(), "idle");
            gateway(platform);
            placeOrders(platform);
            memory(ProcessHandle.current(), "after " + orders + " orders");
        }
        var home = PlatformOptions.findHome();
        images(home);
        write(home.resolve(write));
        say("");
        rows.forEach(row -> say(row.toTerminal()));
        say("\nWritten to " + write);
        return CommandLine.ExitCode.OK;
    }

    private void memory(ProcessHandle platform, String when) {
        var all = Memory.below(platform);
        all.forEach((name, memory) ->
                add("memory, " + when + ", " + name, memory.toString(), "", "RSS and PSS by smaps_rollup"));
        var sum = all.values().stream().reduce(new Memory(0, 0), Memory::plus);
        add("memory, " + when + ", all", sum.toString(), "≤ 1536 MiB", "sum; PSS counts shared pages once");
    }

    /** Rounds in turn, direct and through the gateway, so that a change of the machine's speed meets both. */
    private void gateway(Platform platform) throws InterruptedException {
        var through = platform.url().resolve("/api/products?limit=24");
        var service = URI.create(platform.instances(Service.CATALOG).getFirst().uri() + "/products?limit=24");
        var length = Duration.ofSeconds(roundLength);
        Load.get(through, CLIENTS, length); // warm-up, not counted
        Load.get(service, CLIENTS, length);
        var ratios = new double[rounds];
        var added = new double[rounds];
        long failures = 0;
        for (int i = 0; i < rounds; i++) {
            var direct = Load.get(service, CLIENTS, length);
            var gateway = Load.get(through, CLIENTS, length);
            ratios[i] = gateway.perSecond() / direct.perSecond();
            failures += direct.failures() + gateway.failures();
            var one = Load.get(service, 1, length);
            var other = Load.get(through, 1, length);
            added[i] = other.percentile(0.5) - one.percentile(0.5);
        }
        var method = "%d pairs of %d s rounds in turn, %d clients in a closed loop on the same machine, median"
                .formatted(rounds, roundLength, CLIENTS);
        add(
                "gateway, throughput ratio to the service",
                "%.2f (%d failures)".formatted(median(ratios), failures),
                "≥ 0.28",
                method);
        add(
                "gateway, added latency at one client",
                "%.2f ms".formatted(median(added)),
                "",
                "median of the pairs' differences of medians");
    }

    private void placeOrders(Platform platform) {
        var password = platform.secrets().get(Secrets.DEMO_PASSWORD);
        var client = FeiraClient.at(platform.url()).signedIn("ana@feira.example", password);
        var sku = client.products("", 100).items().stream()
                .filter(product -> product.available() >= 50)
                .map(product -> product.sku())
                .toList();
        var address = new Address("Ana", "Rua do Mercado 1", "1100-001", "Lisboa", "PT");
        var next = new AtomicInteger();
        var confirmed = new AtomicInteger();
        var begin = System.nanoTime();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CLIENTS; i++) {
                threads.submit(() -> {
                    for (int n = next.getAndIncrement(); n < orders; n = next.getAndIncrement()) {
                        var lines = List.of(new Line(sku.get(n % sku.size()), 1));
                        var order =
                                new FeiraClient.NewOrder(lines, address, client.cardToken("4242424242424242"), null);
                        var placed = client.place(order, UUID.randomUUID().toString(), Duration.ofSeconds(5));
                        if (placed.isConfirmed()) {
                            confirmed.incrementAndGet();
                        }
                    }
                    return null;
                });
            }
        }
        var seconds = (System.nanoTime() - begin) / 1e9;
        add(
                "orders, placed to confirmed",
                "%.1f per second (%d of %d confirmed)".formatted(orders / seconds, confirmed.get(), orders),
                "",
                "%d buyers in a closed loop through the gateway, each with a card token first, Prefer: wait=5"
                        .formatted(CLIENTS));
    }

    private void images(Path home) throws IOException {
        for (var service : Service.values()) {
            var tar = home.resolve(service.module()).resolve("target/jib-image.tar");
            if (Files.exists(tar)) {
                add(
                        "image, " + service.module(),
                        "%d MB".formatted(Files.size(tar) / 1_000_000),
                        "≤ 120 MB",
                        "the image as a tar with compressed layers (mvn jib:buildTar)");
            }
        }
    }

    private void write(Path file) throws IOException {
        var text = new StringBuilder("""
                # Benchmarks

                Made by `java -jar benchmarks/target/benchmarks-*.jar` on %s. Absolute times are of this machine; ratios were measured
                side by side in one run. One run, no outliers removed.

                | machine | |
                | --- | --- |
                """.formatted(LocalDate.now()));
        machine()
                .forEach((name, value) -> text.append("| ")
                        .append(name)
                        .append(" | ")
                        .append(value)
                        .append(" |\n"));
        text.append("\n| what | reached | aim | method |\n| --- | --- | --- | --- |\n");
        rows.forEach(row -> text.append(row.toMarkdown()).append('\n'));
        Files.writeString(file, text.toString());
    }

    private static Map<String, String> machine() throws IOException {
        var model = Files.lines(Path.of("/proc/cpuinfo"))
                .filter(line -> line.startsWith("model name"))
                .findFirst()
                .map(line -> line.substring(line.indexOf(':') + 2))
                .orElse("unknown");
        var memory =
                Files.lines(Path.of("/proc/meminfo")).findFirst().orElse("").replaceAll("\\D", "");
        return Map.of(
                "processor", Runtime.getRuntime().availableProcessors() + " × " + model,
                "memory", Long.parseLong(memory) / 1024 / 1024 + " GiB",
                "system", System.getProperty("os.name") + " " + System.getProperty("os.version"),
                "JDK", Runtime.version().toString());
    }

    private static double median(double[] values) {
        var sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private void add(String what, String reached, String aim, String method) {
        var row = new Row(what, reached, aim, method);
        rows.add(row);
        say(row.toTerminal());
    }

    private void say(String line) {
        PrintWriter out = spec == null
                ? new PrintWriter(System.out, true)
                : spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}
