package dev.feira.gateway;

import static dev.feira.gateway.Backend.responding;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The document of the shop's pages, and their files. */
class PageTests {

    private static final Pattern MAIN = Pattern.compile("\"(/assets/[0-9a-f]{16}/modules/main\\.js)\"");
    private static final Pattern ROUTE = Pattern.compile("pattern: /\\^(.+)\\$/");
    private static final String LEMON = """
            {"sku": "FRU-LEMON", "name": {"en": "Lemons \\"<b>\\"", "pt": "Limões"},
             "description": {"en": "Straight from the tree.", "pt": "Vêm da árvore."},
             "price": {"amount": "2.20", "currency": "EUR"}, "picture": "/api/pictures/lemon.webp"}""";

    private final Gateways.Gateway gateway = Gateways.first().healed();
    private final Http http = gateway.http();
    private Backend catalog;

    @BeforeEach
    void catalog() {
        catalog = new Backend().that(responding(200, LEMON, "ETag", "\"1.1\""));
        gateway.with("catalog-service", catalog);
    }

    @AfterEach
    void stop() {
        catalog.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/browse?q=p%C3%A3o",
                "/cart",
                "/checkout",
                "/orders",
                "/orders/0fa6f5c4-0f59-4e18-8336-ecf3ffdb2fdd?new=1",
                "/account",
                "/sign-in",
                "/sign-up?continue=%2Fid%2Flogin",
                "/staff/orders",
                "/staff/mail",
                "/staff/platform",
                "/products/FRU-LEMON"
            })
    void servesTheDocumentAtThePathOfEachPage(String path) {
        var page = http.get(path, "Accept", "text/html");

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.header("Content-Type")).contains("text/html;charset=UTF-8");
        assertThat(page.header("Cache-Control")).contains("no-cache");
        assertThat(page.body()).contains("<feira-shell>").containsPattern(MAIN);
        var etag = page.header("ETag").orElseThrow();
        assertThat(http.get(path, "Accept", "text/html", "If-None-Match", etag).status())
                .isEqualTo(304);
        var head = http.send("HEAD", path, "", "Accept", "text/html");
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.header("ETag")).contains(etag);
        assertThat(head.body()).isEmpty();
    }

    @Test
    void servesEachPageOfTheRouter() {
        var routes = ROUTE.matcher(http.get("/assets/modules/routes.js").body());
        var paths = routes.results()
                .map(route -> route.group(1)
                        .replace("\\/", "/")
                        .replaceAll("\\(\\?<id>[^)]*\\)", "0fa6f5c4-0f59-4e18-8336-ecf3ffdb2fdd")
                        .replaceAll("\\(\\?<sku>[^)]*\\)", "FRU-LEMON"))
                .toList();

        assertThat(paths).hasSizeGreaterThan(10);
        for (var path : paths) {
            assertThat(http.get(path, "Accept", "text/html").status()).as(path).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/unknown",
                "/products",
                "/products/A/B",
                "/orders/not-an-id",
                "/orders/1/2",
                "/staff",
                "/cart/x",
                "/Browse"
            })
    void returns404ForPathsWithoutAPage(String path) {
        var page = http.get(path, "Accept", "text/html");

        assertThat(page.status()).isEqualTo(404);
        assertThat(page.header("Content-Type").orElseThrow()).startsWith("text/html");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            en-GB | Lemons &quot;&lt;b&gt;&quot; | Straight from the tree. | en_IE
            pt-BR | Limões                       | Vêm da árvore.          | pt_PT
            de    | Lemons &quot;&lt;b&gt;&quot; | Straight from the tree. | en_IE
            """)
    void namesTheProductForPreviewsOfLinks(String language, String name, String description, String locale) {
        var page = http.get("/products/FRU-LEMON", "Accept", "text/html", "Accept-Language", language);

        assertThat(page.body())
                .contains(
                        "<title>" + name + " · Feira</title>",
                        "<meta property=\"og:title\" content=\"" + name + "\" />",
                        "<meta name=\"description\" content=\"" + description + "\" />",
                        "<meta property=\"og:locale\" content=\"" + locale + "\" />",
                        "<meta property=\"og:url\" content=\"http://localhost:8080/products/FRU-LEMON\" />",
                        "<meta property=\"og:image\" content=\"http://localhost:8080/api/pictures/lemon.webp\" />")
                .doesNotContain("<title>Feira</title>");
        assertThat(page.header("Vary").orElseThrow()).containsIgnoringCase("Accept-Language");
        assertThat(catalog.last().path()).isEqualTo("/products/FRU-LEMON");
        assertThat(catalog.last().header("Accept")).isEqualTo("application/json");
    }

    @Test
    void returns404AndTheDocumentForAnUnknownProduct() {
        catalog.that(responding(404, "{}", "Content-Type", "application/problem+json"));

        var page = http.get("/products/NONE", "Accept", "text/html");

        assertThat(page.status()).isEqualTo(404);
        assertThat(page.body()).contains("<feira-shell>", "<title>Feira</title>");
    }

    @Test
    void servesThePageOfAProductWithoutItsNameWhileTheCatalogIsAway() {
        for (var behaviour : new Backend.Behaviour[] {
            responding(500, "{}"),
            responding(503, "{}", "Retry-After", "5"),
            responding(200, "<html>"),
            Backend.closing()
        }) {
            catalog.that(behaviour);
            gateway.healed();

            var page = http.get("/products/FRU-LEMON", "Accept", "text/html");

            assertThat(page.status()).isEqualTo(200);
            assertThat(page.body()).contains("<feira-shell>", "<title>Feira</title>");
        }
        gateway.healed();
    }

    @Test
    void letsBrowsersKeepFilesWhoseUrlHasTheirVersion() {
        var main = MAIN.matcher(http.get("/").body());
        assertThat(main.find()).isTrue();

        var file = http.get(main.group(1));

        assertThat(file.status()).isEqualTo(200);
        assertThat(file.header("Cache-Control")).contains("max-age=31536000, public, immutable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/assets/modules/main.js", "/assets/0123456789abcdef/modules/main.js"})
    void servesCurrentFilesAtUrlsOfOtherVersionsWithoutKeepingThem(String path) {
        var file = http.get(path);

        assertThat(file.status()).isEqualTo(200);
        assertThat(file.header("Cache-Control")).contains("no-cache");
        assertThat(file.header("Content-Type").orElseThrow()).startsWith("text/javascript");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/assets/0123456789abcdef/none.js",
                "/assets/0123456789abcdef/",
                "/assets/0123456789abcdef/../../application.yaml"
            })
    void returns404ForUnknownFiles(String path) {
        assertThat(http.get(path).status()).isIn(400, 404);
    }

    @Test
    void compressesFilesOfThePages() {
        for (var path :
                new String[] {"/assets/modules/router.js", "/assets/i18n/pt.json", "/assets/styles/pages.css"}) {
            assertThat(http.get(path, "Accept-Encoding", "gzip").header("Content-Encoding"))
                    .as(path)
                    .contains("gzip");
        }
    }
}
