package dev.feira.benchmarks;

import dev.feira.local.Platform;
import dev.feira.local.Service;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Measures the judged searches of catalog-service's tests among many generated products. */
final class SearchBenchmark {

    private static final double AIM_MILLIS = 50;
    private static final int PRODUCTS = 100_000;
    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    private static final String JUDGED = "catalog-service/src/test/resources/search/judged.csv";

    /**
     * Products of the seed under the names of invented farms, each with the descriptions of two others. A word of a description
     * is as frequent among them as among the seed's.
     */
    private static final String GENERATE = """
            with seed as (
                select row_number() over (order by sku) - 1 as n, count(*) over () as size, products.* from products
            ), added as (
                insert into products (sku, name_en, name_pt, description_en, description_pt, category, price, vat_rate,
                                      unit, picture, status)
                select 'GEN-' || i, named.name_en || ' from ' || farm, named.name_pt || ' de ' || farm,
                       one.description_en || ' ' || other.description_en, one.description_pt || ' ' || other.description_pt,
                       named.category, named.price, named.vat_rate, named.unit, named.picture, 'ACTIVE'
                  from generate_series(1, %d) as i
                 cross join lateral (select initcap(translate(substr(md5(i::text), 1, 6), '0123456789abcdef', 'bacedifogulahemi'))) as f (farm)
                  join seed named on named.n = i %% named.size
                  join seed one on one.n = i * 31 %% one.size
                  join seed other on other.n = (i / 157 + i * 7) %% other.size
                returning sku
            )
            insert into stock (sku) select sku from added""".formatted(PRODUCTS);

    private final BenchmarkContext context;

    SearchBenchmark(BenchmarkContext context) {
        this.context = context;
    }

    void run() throws IOException, InterruptedException, SQLException {
        var searches = searches();
        try (var platform = context.start(context.options(), "Starting Feira for searches")) {
            try (var _ = context.progress().begin("Adding " + PRODUCTS + " products")) {
                addProducts(platform);
            }
            measure(platform, searches); // warm-up
            var times = new ArrayList<Double>();
            try (var _ = context.progress().begin("Searches", () -> times.size() + " responses")) {
                for (var round = 0; round < context.settings().rounds(); round++) {
                    times.addAll(measure(platform, searches));
                }
            }
            report(Figures.of(times), searches.size());
        }
    }

    private List<String> searches() throws IOException {
        return Files.readAllLines(context.workspace().folder().resolve(Path.of(JUDGED))).stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.substring(0, line.indexOf('|')))
                .toList();
    }

    private static void addProducts(Platform platform) throws SQLException {
        try (var connection = platform.postgres().connect(Service.CATALOG);
                var statement = connection.createStatement()) {
            statement.execute(GENERATE);
            statement.execute("vacuum analyze products, product_words, stock, search_words");
        }
    }

    private static List<Double> measure(Platform platform, List<String> searches) throws InterruptedException {
        var times = new ArrayList<Double>();
        try (var http = LoadGenerator.client()) {
            for (var search : searches) {
                var response = LoadGenerator.once(LoadGenerator.get(http, address(platform, search), null, TIMEOUT));
                if (!response.isSuccess()) {
                    throw new MeasurementFailed("The search for '%s' failed: %s".formatted(search, response.failure()));
                }
                times.add(response.nanos() / 1e6);
            }
        }
        return times;
    }

    private static URI address(Platform platform, String search) {
        return platform.url().resolve("/api/products?q=" + URLEncoder.encode(search, StandardCharsets.UTF_8));
    }

    private void report(Figures times, int searches) {
        context.report()
                .add(
                        "search among 100,000 products, slowest 5 %",
                        "%.1f ms †".formatted(times.percentile(0.95)),
                        Report.aim("≤ 50 ms", times.percentile(0.95) <= AIM_MILLIS),
                        "95th percentile of `GET /api/products?q=` through the gateway, median %.1f ms, longest %.1f ms. %d searches of `%s`, %d times in turn after a warm-up, one client"
                                .formatted(
                                        times.median(),
                                        times.most(),
                                        searches,
                                        JUDGED,
                                        context.settings().rounds()));
    }
}
