package dev.feira.catalog;

import static dev.feira.catalog.TestCatalog.ORDERS;
import static dev.feira.catalog.TestCatalog.STAFF;
import static dev.feira.catalog.TestCatalog.productBody;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.test.RawRequest;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

@CatalogTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SearchTests {

    @LocalServerPort
    int port;

    private static final String[][] GOODS = {
        {"STRAWBERRY", "fruit", "Strawberries", "Morangos", "3.20"},
        {"STRAWBERRY-JAM", "drinks", "Strawberry jam", "Doce de morango", "4.10"},
        {"STRAWBERRY-CAKE", "drinks", "Slice of strawberry cake", "Fatia de bolo de morango", "2.20"},
        {"LEMON", "fruit", "Unwaxed lemons", "Limões sem cera", "3.00"},
        {"APPLE-RED", "fruit", "Red apples", "Maçãs vermelhas", "2.10"},
        {"APPLE-JUICE", "drinks", "Apple juice", "Sumo de maçã", "2.80"},
        {"PEACH", "fruit", "Peaches", "Pêssegos", "2.95"},
        {"PEAR", "fruit", "Rocha pears", "Peras rocha", "1.95"},
        {"AVOCADO", "fruit", "Avocado", "Abacate", "4.50"},
        {"TOMATO", "vegetables", "Vine tomatoes", "Tomate em rama", "2.10"},
        {"BROCCOLI", "vegetables", "Broccoli", "Brócolos", "1.80"},
        {"CHEESE-GOAT", "cheese", "Goat cheese", "Queijo de cabra", "6.50"},
        {"CHEESE-SHEEP", "cheese", "Sheep's cheese", "Queijo de ovelha", "8.00"},
        {"BREAD-CORN", "bread", "Corn bread", "Broa de milho", "2.60"},
        {"COD", "fish", "Salted cod", "Bacalhau", "12.90"},
    };

    @Autowired
    TestCatalog catalog;

    @BeforeAll
    void addProducts() {
        catalog.clear();
        catalog.category("fruit", "Fruit", "Fruta");
        catalog.category("vegetables", "Vegetables", "Legumes");
        catalog.category("cheese", "Cheese", "Queijos");
        catalog.category("bread", "Bread", "Pão");
        catalog.category("fish", "Fish", "Peixe");
        catalog.category("drinks", "Drinks", "Bebidas");
        for (var good : GOODS) {
            assertThat(catalog.product(good[0], good[1], good[2], good[3], good[4])
                            .status())
                    .isEqualTo(201);
        }
        catalog.put(
                STAFF,
                "/products/PEACH",
                productBody("fruit", "Peaches", "Pêssegos", "2.95", "ACTIVE")
                        .replace("Good.", "Try them with lemon.")
                        .replace("Bom.", "Prove-os com limão."));
        catalog.receive("PEAR", 5);
        catalog.receive("COD", 2);
        catalog.put(
                STAFF,
                "/products/OLD",
                productBody("fruit", "Old strawberries", "Morangos velhos", "0.50", "ARCHIVED"));
    }

    private List<String> find(String query) {
        var reply = catalog.get("/products?" + query);
        assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
        return reply.at("$.items[*].sku");
    }

    private List<String> search(String words) {
        return find("q=" + URLEncoder.encode(words, StandardCharsets.UTF_8));
    }

    @ParameterizedTest(name = "{0} finds {1} first")
    @CsvSource(delimiter = '|', textBlock = """
            strawberry       | STRAWBERRY
            STRAWBERRIES     | STRAWBERRY
            morango          | STRAWBERRY
            apples           | APPLE-RED
            strawberry jam   | STRAWBERRY-JAM
            apple juice      | APPLE-JUICE
            maçã vermelha    | APPLE-RED
            maca vermelha    | APPLE-RED
            MAÇÃS VERMELHAS  | APPLE-RED
            pessego          | PEACH
            bróculos         | BROCCOLI
            queijo de cabra  | CHEESE-GOAT
            "goat cheese"    | CHEESE-GOAT
            pão              | BREAD-CORN
            pao              | BREAD-CORN
            peixe            | COD
            """)
    void findsWordsInBothLanguagesWithAndWithoutAccents(String words, String sku) {
        assertThat(search(words)).first().isEqualTo(sku);
    }

    @ParameterizedTest(name = "{0} finds {1}")
    @CsvSource(delimiter = '|', textBlock = """
            strawbery   | STRAWBERRY
            strawberrys | STRAWBERRY
            stawberry   | STRAWBERRY
            morrangos   | STRAWBERRY
            avacado     | AVOCADO
            tomatos     | TOMATO
            tomatoe     | TOMATO
            brocoli     | BROCCOLI
            broccolli   | BROCCOLI
            bacalao     | COD
            qeijo       | CHEESE-GOAT
            chese       | CHEESE-GOAT
            straw       | STRAWBERRY
            avo         | AVOCADO
            """)
    void findsMisspelledAndIncompleteWords(String words, String sku) {
        assertThat(search(words)).contains(sku);
    }

    @ParameterizedTest(name = "{0} finds CHEESE-SHEEP only")
    @ValueSource(strings = {"cheese -goat", "cheese -goats", "queijo -cabras", "queijo -goat", "cheese -\"de cabra\""})
    void excludesProductsThatContainAWordAfterAMinusInEitherLanguage(String words) {
        assertThat(search(words)).containsExactly("CHEESE-SHEEP");
    }

    @Test
    void findsProductsByNameThoughOthersMentionTheWord() {
        assertThat(search("limões")).startsWith("LEMON").contains("PEACH");
        assertThat(search("limão")).startsWith("LEMON").contains("PEACH");
        assertThat(search("lim")).startsWith("LEMON");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cheese-goat", "CHEESE-GOAT", "Cheese-Goat", "cheese goat", "CHEESE-GO"})
    void findsSkuInAnyCase(String words) {
        assertThat(search(words)).first().isEqualTo("CHEESE-GOAT");
    }

    @Test
    void keepsWordsWithinQuotesTogether() {
        assertThat(search("\"goat cheese\"")).containsExactly("CHEESE-GOAT");
        assertThat(search("\"queijo ovelha\"")).isEmpty();
        assertThat(search("\"apple or cheese\"")).isEmpty();
    }

    @Test
    void excludesSynonymsOfAWordAfterAMinus() {
        assertThat(search("-sumo")).doesNotContain("APPLE-JUICE").contains("COD");
        assertThat(search("-suco")).doesNotContain("APPLE-JUICE").contains("COD");
    }

    @Test
    void comparesWordsThatOnlyArchivedProductsHave() {
        catalog.put(STAFF, "/products/TYPO", productBody("fruit", "Lemmons", "Limmões", "1.00", "ARCHIVED"));

        assertThat(search("lemmon")).first().isEqualTo("LEMON");
    }

    @ParameterizedTest(name = "{0} finds {1}")
    @CsvSource(delimiter = '|', textBlock = """
            apple or cheese     | APPLE-RED
            maçã ou queijo      | CHEESE-GOAT
            organic strawberry  | STRAWBERRY
            queijo xyzzyx       | CHEESE-SHEEP
            """)
    void findsProductsWithSomeOfTheWordsIfNoneHasAll(String words, String sku) {
        assertThat(search(words)).contains(sku);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"zzzzzz", "!!!", "'; drop table products; --", "\\", "\"", "a:b & | !", "%", "🍓", "the", "<->"})
    void returns200ForArbitraryText(String words) {
        assertThat(search(words)).hasSizeLessThan(GOODS.length);
    }

    @Test
    void listsAllByNameWithoutSearchText() {
        assertThat(find("q=%20&limit=3")).containsExactly("APPLE-JUICE", "AVOCADO", "BROCCOLI");
    }

    @Test
    void filtersByCategoryPriceAndStock() {
        assertThat(find("category=cheese")).containsExactlyInAnyOrder("CHEESE-GOAT", "CHEESE-SHEEP");
        assertThat(find("category=none")).isEmpty();
        assertThat(find("minPrice=6.5&maxPrice=8")).containsExactlyInAnyOrder("CHEESE-GOAT", "CHEESE-SHEEP");
        assertThat(find("available=true")).containsExactlyInAnyOrder("PEAR", "COD");
        assertThat(find("available=false&category=fish")).isEmpty();
        assertThat(find("q=queijo&maxPrice=7")).containsExactly("CHEESE-GOAT");
        assertThat(find("q=apple&category=drinks")).containsExactly("APPLE-JUICE");
    }

    @Test
    void ordersByTheSortParameter() {
        assertThat(find("sort=price&limit=3")).containsExactly("BROCCOLI", "PEAR", "APPLE-RED");
        assertThat(find("sort=-price&limit=2")).containsExactly("COD", "CHEESE-SHEEP");
        catalog.jdbc()
                .sql("update product_sales set sold = case sku when 'PEAR' then 2 when 'COD' then 5 else 0 end")
                .update();
        assertThat(find("sort=popular&limit=2")).containsExactly("COD", "PEAR");
        assertThat(find("sort=popular&sold=true")).containsExactly("COD", "PEAR");
        assertThat(find("sold=false&limit=100")).doesNotContain("COD", "PEAR").contains("AVOCADO");
        assertThat(find("sort=newest&limit=2")).containsExactly("COD", "BREAD-CORN");
        assertThat(find("sort=name&lang=pt&limit=4")).containsExactly("AVOCADO", "COD", "BREAD-CORN", "BROCCOLI");
        assertThat(find("q=queijo&sort=-price")).containsExactly("CHEESE-SHEEP", "CHEESE-GOAT");
    }

    @Test
    void listsArchivedProductsForStaffOnly() {
        assertThat(find("q=strawberry")).doesNotContain("OLD").contains("STRAWBERRY");
        assertThat(catalog.get("/products?status=ARCHIVED").status()).isEqualTo(401);
        assertThat(catalog.getAs(TestCatalog.CUSTOMER, "/products?status=ARCHIVED")
                        .status())
                .isEqualTo(403);
        assertThat(catalog.getAs(STAFF, "/products?status=ARCHIVED").<List<String>>at("$.items[*].sku"))
                .contains("OLD")
                .doesNotContain("STRAWBERRY");
        assertThat(catalog.getAs(STAFF, "/products?status=ARCHIVED&q=strawbery").<List<String>>at("$.items[*].sku"))
                .containsExactly("OLD");
        assertThat(catalog.get("/products/OLD").<String>at("$.status")).isEqualTo("ARCHIVED");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sort=price",
                "sort=-price",
                "sort=name",
                "sort=name&lang=pt",
                "sort=newest",
                "sort=popular",
                "q=e",
                "q=chese",
                "q=apple+or+cheese"
            })
    void returnsEachEntryOnceInPages(String query) {
        var whole = find(query + "&limit=100");
        assertThat(whole).isNotEmpty();

        var pages = new ArrayList<String>();
        String cursor = null;
        do {
            var page = catalog.get("/products?limit=1&" + query + (cursor == null ? "" : "&cursor=" + cursor));
            assertThat(page.status()).as(page.toString()).isEqualTo(200);
            pages.addAll(page.<List<String>>at("$.items[*].sku"));
            cursor = page.at("$.nextCursor");
        } while (cursor != null);

        assertThat(pages).containsExactlyElementsOf(whole);
    }

    @Test
    void rejectsChangedCursorAndCursorOfAnotherList() {
        var cursor = catalog.get("/products?sort=price&limit=2").<String>at("$.nextCursor");
        assertThat(catalog.get("/products?sort=price&limit=5&cursor=" + cursor).status())
                .isEqualTo(200);

        for (var i = 0; i < cursor.length(); i++) {
            var changed = new StringBuilder(cursor);
            changed.setCharAt(i, cursor.charAt(i) == 'A' ? 'B' : 'A');
            assertInvalid("sort=price&cursor=" + changed);
        }
        assertInvalid("sort=price&cursor=" + cursor.substring(1));
        assertInvalid("sort=price&cursor=" + cursor + "A");
        assertInvalid("sort=price&cursor=" + cursor + "=");
        assertInvalid("sort=price&cursor=");
        assertInvalid("sort=price&cursor=%00");
        assertInvalid("sort=price&cursor=AAAA");
        assertInvalid("sort=-price&cursor=" + cursor);
        assertInvalid("sort=price&category=fruit&cursor=" + cursor);
        assertInvalid("sort=price&q=apple&cursor=" + cursor);
    }

    private void assertInvalid(String query) {
        var reply = catalog.get("/products?" + query);
        assertThat(reply.status()).as(query + ": " + reply).isEqualTo(400);
        assertThat(reply.problem()).isEqualTo("invalid-cursor");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            limit=0          | limit     | must be greater than or equal to 1
            limit=101        | limit     | must be less than or equal to 100
            limit=-1         | limit     | must be greater than or equal to 1
            limit=many       | limit     | must be a whole number from 1 to 100
            limit=99999999999| limit     | must be a whole number from 1 to 100
            sort=cheapest    | sort      | must be one of relevance, name, price, -price, newest, popular
            lang=de          | lang      | must be one of en, pt
            minPrice=a       | minPrice  | must be an amount in EUR, such as 3.20
            minPrice=-1      | minPrice  | must be an amount in EUR, such as 3.20
            maxPrice=1e9     | maxPrice  | must be an amount in EUR, such as 3.20
            maxPrice=1.999   | maxPrice  | must be an amount in EUR, such as 3.20
            available=maybe  | available | must be true or false
            status=SOLD      | status    | must be one of ACTIVE, ARCHIVED
            q=a%00b          | q         | must not contain control characters
            category=%00     | category  | must not contain control characters
            """)
    void namesInvalidParameter(String query, String parameter, String message) {
        var reply = catalog.get("/products?" + query);

        assertThat(reply.status()).as(reply.toString()).isEqualTo(400);
        assertThat(reply.problem()).isEqualTo("invalid-request");
        assertThat(reply.<String>at("$.errors[0].field")).isEqualTo(parameter);
        assertThat(reply.<String>at("$.errors[0].message")).isEqualTo(message);
    }

    @Test
    void namesTheStatusesOfReservations() {
        assertThat(catalog.getAs(ORDERS, "/reservations?status=SOLD").<String>at("$.errors[0].message"))
                .isEqualTo("must be one of HELD, CONFIRMED, RELEASED, EXPIRED, RETURNED");
    }

    @Test
    void listsAllProductsForASearchTextOfSpaces() {
        assertThat(catalog.get("/products?q=%C2%A0%E3%80%80").<List<Object>>at("$.items"))
                .hasSameSizeAs(catalog.get("/products").<List<Object>>at("$.items"));
    }

    @Test
    void readsQueryThatBrowsersSendUnencoded() throws IOException {
        assertThat(RawRequest.get(port, "/products?q=a|b[c]")).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void rejectsSearchTextOver200Characters() {
        assertThat(catalog.get("/products?q=" + "a".repeat(201)).problem()).isEqualTo("invalid-request");
        assertThat(catalog.get("/products?q=" + "a".repeat(200)).status()).isEqualTo(200);
    }
}
