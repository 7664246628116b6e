package dev.feira.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.local.Service;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Compares the metrics of each service with {@code docs/metrics.md}. */
@AcceptanceTest
class MetricsTests {

    private static final Path DOCUMENT = Path.of("..", "..", "docs", "metrics.md");
    private static final Pattern SAMPLE = Pattern.compile("([a-z0-9_]+)(?:\\{(.*)})? \\S+");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"(?:[^\"\\\\]|\\\\.)*\"");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    /** On every metric, and on every bucket. */
    private static final Set<String> COMMON = Set.of("application", "le");

    /** A row of the document. */
    private record Row(boolean fromStart, Set<String> labels, Set<String> services) {}

    private static List<List<String>> rows(String heading) throws IOException {
        return Files.readString(DOCUMENT)
                .lines()
                .dropWhile(line -> !line.equals("## " + heading))
                .skip(1)
                .takeWhile(line -> !line.startsWith("## "))
                .filter(line -> line.startsWith("| `"))
                .map(line -> Arrays.stream(line.substring(1).split("\\|"))
                        .map(String::strip)
                        .toList())
                .toList();
    }

    private static Set<String> code(String cell) {
        return CODE.matcher(cell).results().map(match -> match.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Map<String, Row> documented() throws IOException {
        var documented = new TreeMap<String, Row>();
        for (var cells : rows("Of Feira")) {
            var name = code(cells.get(0)).iterator().next();
            var services = Arrays.stream(cells.get(2).split(", *")).collect(Collectors.toSet());
            documented.put(name, new Row(!cells.get(0).contains("†"), code(cells.get(1)), services));
        }
        return documented;
    }

    private static List<String> libraries() throws IOException {
        return rows("Of libraries").stream()
                .flatMap(cells -> code(cells.getFirst()).stream())
                .toList();
    }

    /** Returns the labels of each metric of a service, over all its replicas. */
    private static Map<String, Set<String>> metrics(Service service) throws IOException, InterruptedException {
        var metrics = new TreeMap<String, Set<String>>();
        try (var client = HttpClient.newHttpClient()) {
            for (var instance : TestPlatform.embedded().instances(service)) {
                var page = client.send(
                        HttpRequest.newBuilder(instance.managementUri().resolve("/actuator/prometheus"))
                                .build(),
                        BodyHandlers.ofString());
                assertThat(page.statusCode()).isEqualTo(200);
                page.body().lines().filter(line -> !line.startsWith("#")).forEach(line -> {
                    var sample = SAMPLE.matcher(line);
                    assertThat(sample.matches()).as(line).isTrue();
                    var labels = metrics.computeIfAbsent(name(sample.group(1)), _ -> new TreeSet<>());
                    if (sample.group(2) != null) {
                        LABEL.matcher(sample.group(2)).results().forEach(label -> labels.add(label.group(1)));
                    }
                    labels.removeAll(COMMON);
                });
            }
        }
        return metrics;
    }

    private static String name(String sample) {
        return sample.startsWith("feira_") ? sample.replaceFirst("_(bucket|count|sum|max)$", "") : sample;
    }

    private static String shortName(Service service) {
        return service.module().replaceFirst("-service$", "");
    }

    @Test
    void documentsEveryMetricWithItsLabels() throws IOException, InterruptedException {
        TestPlatform.embedded();
        var customer = TestUser.registered();
        var sku = Products.createWithStock(1);
        customer.placeOrder(Orders.newIdempotencyKey(), Orders.request(sku, 1, Card.APPROVED.token()), 10)
                .expect(201);
        var documented = documented();
        var libraries = libraries();
        var wrong = new TreeSet<String>();
        var unused = new HashSet<>(libraries);

        for (var service : Service.values()) {
            var metrics = metrics(service);
            metrics.forEach((name, labels) -> {
                var row = documented.get(name);
                if (!name.startsWith("feira_")) {
                    unused.removeIf(name::startsWith);
                    if (libraries.stream().noneMatch(name::startsWith)) {
                        wrong.add("%s of %s is of no documented library".formatted(name, service.module()));
                    }
                } else if (row == null || !row.services().contains(shortName(service))) {
                    wrong.add("%s of %s is not documented".formatted(name, service.module()));
                } else if (!row.labels().equals(labels)) {
                    wrong.add("%s of %s has the labels %s".formatted(name, service.module(), labels));
                }
            });
            var missing = new HashSet<String>();
            documented.forEach((name, row) -> {
                if (row.fromStart() && row.services().contains(shortName(service)) && !metrics.containsKey(name)) {
                    missing.add("%s does not have %s".formatted(service.module(), name));
                }
            });
            wrong.addAll(missing);
        }

        assertThat(wrong).isEmpty();
        assertThat(unused).as("documented libraries without a metric").isEmpty();
    }

    /** A percentile over replicas needs buckets. */
    @Test
    void hasBucketsAtThePromisedDeadlines() throws IOException, InterruptedException {
        var instance = TestPlatform.embedded().instances(Service.ORDER).getFirst();
        try (var client = HttpClient.newHttpClient()) {
            var page = client.send(
                    HttpRequest.newBuilder(instance.managementUri().resolve("/actuator/prometheus"))
                            .build(),
                    BodyHandlers.ofString());

            for (var deadline : List.of("0.05", "0.25", "1.0", "2.0", "5.0")) {
                assertThat(page.body())
                        .containsPattern("http_server_requests_seconds_bucket\\{.*le=\"" + deadline + "\".*}");
            }
        }
    }
}
