package dev.feira.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.test.PostgresConfiguration;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.ClassPathResource;

/** Compares what the search finds among the seed's products with what people expect of it: {@code search/judged.csv}. */
class SearchQualityTests {

    private static final Logger log = LoggerFactory.getLogger(SearchQualityTests.class);

    private static final int FIRST = 5;
    private static final double RECALL = 0.95;
    private static final double RECIPROCAL_RANK = 0.95;

    /**
     * A search, and the products that belong in its first five.
     *
     * @param expected SKUs, or one category: any of its products
     */
    private record Judged(String text, String expected, List<Hit> found) {

        private static final String CATEGORY = "category:";

        /** Returns the share of the expected products that was found; of a category, five are expected. */
        double recall() {
            var relevant = found.stream().filter(relevant()).count();
            return (double) relevant / (expected.startsWith(CATEGORY) ? FIRST : expected.split(" ").length);
        }

        /** Returns 1 if the first result is an expected one, 1/2 if the second one is, and 0 without any. */
        double reciprocalRank() {
            return IntStream.range(0, found.size())
                    .filter(i -> relevant().test(found.get(i)))
                    .mapToDouble(i -> 1.0 / (i + 1))
                    .findFirst()
                    .orElse(0);
        }

        private Predicate<Hit> relevant() {
            return expected.startsWith(CATEGORY)
                    ? hit -> hit.category().equals(expected.substring(CATEGORY.length()))
                    : hit -> List.of(expected.split(" ")).contains(hit.sku());
        }
    }

    private record Hit(String sku, String category) {}

    @Test
    void findsWhatPeopleMeanAmongTheFirstFive() throws IOException {
        try (var replica =
                Replica.on(PostgresConfiguration.freshDatabase(), "feira.catalog.seed=classpath:seed/products.json")) {
            var judged = new ClassPathResource("search/judged.csv")
                    .getContentAsString(StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\\|"))
                    .map(cells -> new Judged(cells[0], cells[2], find(replica.catalog(), cells[0])))
                    .toList();
            var recall = judged.stream().mapToDouble(Judged::recall).average().orElseThrow();
            var rank = judged.stream()
                    .mapToDouble(Judged::reciprocalRank)
                    .average()
                    .orElseThrow();
            var figures = String.format(
                    Locale.ROOT,
                    "%d searches, recall@%d %.3f, mean reciprocal rank %.3f",
                    judged.size(),
                    FIRST,
                    recall,
                    rank);
            log.info(figures);

            assertThat(judged).hasSizeGreaterThanOrEqualTo(150);
            assertThat(recall).as(figures + incomplete(judged)).isGreaterThanOrEqualTo(RECALL);
            assertThat(rank).as(figures + incomplete(judged)).isGreaterThanOrEqualTo(RECIPROCAL_RANK);
        }
    }

    private static List<Hit> find(TestCatalog catalog, String text) {
        var reply = catalog.get("/products?limit=" + FIRST + "&q=" + URLEncoder.encode(text, StandardCharsets.UTF_8));
        assertThat(reply.status()).as(text + ": " + reply).isEqualTo(200);
        var skus = reply.<List<String>>at("$.items[*].sku");
        var categories = reply.<List<String>>at("$.items[*].category");
        return IntStream.range(0, skus.size())
                .mapToObj(i -> new Hit(skus.get(i), categories.get(i)))
                .toList();
    }

    private static String incomplete(List<Judged> judged) {
        var lines = new StringBuilder();
        judged.stream()
                .filter(search -> search.recall() < 1 || search.reciprocalRank() < 1)
                .forEach(search -> lines.append('\n').append(search));
        return lines.toString();
    }
}
