package dev.feira.order.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;

import dev.feira.order.application.IdempotencyProblem;
import dev.feira.order.application.OrderAudit;
import dev.feira.order.application.OrderFulfilment;
import dev.feira.order.application.OrderHistory;
import dev.feira.order.application.OrderPlacement;
import dev.feira.order.application.PaymentEventHandler;
import dev.feira.order.application.PlaceOrder;
import dev.feira.order.application.Quotation;
import dev.feira.order.application.Quote;
import dev.feira.order.config.OrderProperties;
import dev.feira.order.config.PaymentProperties;
import dev.feira.order.domain.DeliveryAddress;
import dev.feira.order.domain.LocalizedText;
import dev.feira.order.domain.Money;
import dev.feira.order.domain.OrderLine;
import dev.feira.order.domain.Totals;
import dev.feira.test.TestIdentity;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.ArgumentCaptor;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

/** Tests that invalid requests get their problem type and reach no use case. */
@WebMvcTest
@ServiceDefaults
@ContextConfiguration(initializers = TestIdentity.class)
@ComponentScan(
        basePackages = {"dev.feira.order.web", "dev.feira.order.config"},
        excludeFilters =
                @ComponentScan.Filter(type = FilterType.REGEX, pattern = ".*(HttpClientConfiguration|DeadlineCheck)"))
@EnableConfigurationProperties({OrderProperties.class, PaymentProperties.class})
@TestPropertySource(
        properties = {
            "feira.orders.payments.api-key=the-key-of-the-tests",
            "feira.orders.payments.webhook-secret=a-secret-of-the-tests",
            "feira.orders.client.secret=the-client-secret"
        })
class OrderApiTests {

    @Autowired
    MockMvcTester mvc;

    @MockitoBean
    OrderPlacement placement;

    @MockitoBean
    OrderHistory history;

    @MockitoBean
    OrderFulfilment fulfilment;

    @MockitoBean
    Quotation quotation;

    @MockitoBean
    PaymentEventHandler handler;

    @MockitoBean
    OrderAudit audit;

    private static final String LINES = "\"lines\":[{\"sku\":\"A-1\",\"quantity\":1}]";
    private static final String ADDRESS =
            "\"deliveryAddress\":{\"name\":\"Ana\",\"street\":\"Rua 1\",\"postalCode\":\"4000-001\",\"city\":\"Porto\",\"country\":\"PT\"}";
    private static final String PAYMENT = "\"payment\":{\"token\":\"tok_1\"}";
    private static final String GOOD = "{" + LINES + "," + ADDRESS + "," + PAYMENT + "}";

    private MvcTestResult place(String body) {
        return mvc.post()
                .uri("/orders")
                .header("Authorization", "Bearer " + TestIdentity.token("ana", "customer"))
                .header("Idempotency-Key", "key-1")
                .contentType(MediaType.APPLICATION_JSON)
                .content(body)
                .exchange();
    }

    private void isProblem(MvcTestResult result, HttpStatus status, String kind) {
        assertThat(result).hasStatus(status).hasContentTypeCompatibleWith(MediaType.APPLICATION_PROBLEM_JSON);
        assertThat(result).bodyJson().extractingPath("$.type").isEqualTo("urn:feira:problem:" + kind);
        verifyNoInteractions(placement, quotation);
    }

    @ParameterizedTest
    @CsvSource({"0", "-1", "1000", "1000000000", "null"})
    void returns400WithFieldForQuantityOutOfRange(String quantity) {
        var result = place(GOOD.replace("\"quantity\":1", "\"quantity\":" + quantity));
        isProblem(result, HttpStatus.BAD_REQUEST, "invalid-request");
        assertThat(result).bodyJson().extractingPath("$.errors[0].field").isEqualTo("lines[0].quantity");
    }

    @ParameterizedTest
    @ValueSource(strings = {"99999999999999999999", "1.5", "\"x\"", "[]", "{}", "true"})
    void returns400ForQuantityThatIsNotAnInteger(String quantity) {
        isProblem(
                place(GOOD.replace("\"quantity\":1", "\"quantity\":" + quantity)),
                HttpStatus.BAD_REQUEST,
                "invalid-request");
    }

    @Test
    void returns400ForTooManyLines() {
        var lines = IntStream.range(0, 500)
                .mapToObj(i -> "{\"sku\":\"A-" + i + "\",\"quantity\":1}")
                .collect(Collectors.joining(",", "\"lines\":[", "]"));
        var result = place(GOOD.replace(LINES, lines));
        isProblem(result, HttpStatus.BAD_REQUEST, "invalid-request");
        assertThat(result).bodyJson().extractingPath("$.errors[0].field").isEqualTo("lines");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "null", "[null]", "[{\"sku\":\"A\",\"quantity\":1},{\"sku\":\"A\",\"quantity\":2}]"})
    void returns400ForInvalidLines(String lines) {
        isProblem(place(GOOD.replace(LINES, "\"lines\":" + lines)), HttpStatus.BAD_REQUEST, "invalid-request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a-1", "A--1", "A 1", "A-1'; drop table orders", "", "ÁGUA", "A\\u0000"})
    void returns400ForInvalidSku(String sku) {
        isProblem(place(GOOD.replace("A-1", sku)), HttpStatus.BAD_REQUEST, "invalid-request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"price\":{\"amount\":\"0.01\",\"currency\":\"EUR\"}", "\"unitPrice\":1"})
    void returns400ForPriceInRequest(String price) {
        var result = place(GOOD.replace("\"quantity\":1", "\"quantity\":1," + price));
        isProblem(result, HttpStatus.BAD_REQUEST, "unexpected-field");
        assertThat(result).bodyJson().extractingPath("$.field").asString().startsWith("lines[0].");
    }

    @Test
    void returns400ForCardNumber() {
        isProblem(
                place(GOOD.replace("{\"token\":\"tok_1\"}", "{\"cardNumber\":\"4242424242424242\"}")),
                HttpStatus.BAD_REQUEST,
                "unexpected-field");
        isProblem(place(GOOD.replace("tok_1", "4242424242424242")), HttpStatus.BAD_REQUEST, "invalid-request");
    }

    @Test
    void returns400ForOtherCurrency() {
        var result = place("{" + LINES + "," + ADDRESS + "," + PAYMENT
                + ",\"expectedTotal\":{\"amount\":\"1.00\",\"currency\":\"USD\"}}");
        isProblem(result, HttpStatus.BAD_REQUEST, "invalid-request");
        assertThat(result).bodyJson().extractingPath("$.errors[0].field").isEqualTo("expectedTotal.currency");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1.00", "1", "1.005", "1e3", "NaN", ""})
    void returns400ForInvalidAmount(String amount) {
        isProblem(
                place("{" + LINES + "," + ADDRESS + "," + PAYMENT + ",\"expectedTotal\":{\"amount\":\"" + amount
                        + "\",\"currency\":\"EUR\"}}"),
                HttpStatus.BAD_REQUEST,
                "invalid-request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Rua\\u0000 1", "Rua\\n1", "Rua \\ud800", "   ", ""})
    void returns400ForControlCharacters(String street) {
        isProblem(place(GOOD.replace("Rua 1", street)), HttpStatus.BAD_REQUEST, "invalid-request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u00a0", "\u2003", "\u3000", "\u200b", "\u2060", "\ufeff", "\u3164", " \u00a0"})
    void returns400ForAddressWithoutAVisibleCharacter(String text) {
        for (var field : List.of("Ana", "Rua 1", "4000-001", "Porto")) {
            var result = place(GOOD.replace('"' + field + '"', '"' + text + '"'));
            isProblem(result, HttpStatus.BAD_REQUEST, "invalid-request");
            assertThat(result)
                    .bodyJson()
                    .extractingPath("$.errors[0].message")
                    .isEqualTo("must have at least one visible character");
        }
    }

    @Test
    void removesUnicodeSpacesAroundTheAddress() {
        place(GOOD.replace("Ana", "\u00a0Ana\u3000").replace("Porto", " Porto\u200b"));

        var placed = ArgumentCaptor.forClass(PlaceOrder.class);
        verify(placement).place(placed.capture(), any(), any(), any());
        assertThat(placed.getValue().deliveryAddress())
                .isEqualTo(new DeliveryAddress("Ana", "Rua 1", "4000-001", "Porto", "PT"));
    }

    @Test
    void namesTheStatusesOfOrders() {
        var result = mvc.get()
                .uri("/orders?status=SOLD")
                .header("Authorization", "Bearer " + TestIdentity.token("ana", "customer"))
                .exchange();

        isProblem(result, HttpStatus.BAD_REQUEST, "invalid-request");
        assertThat(result)
                .bodyJson()
                .extractingPath("$.errors[0].message")
                .isEqualTo("must be one of PLACED, RESERVED, PAID, CONFIRMED, SHIPPED, DELIVERED, REJECTED,"
                        + " CANCELLED, RETURNED");
    }

    @Test
    void quotesVatRateOfThreeDigits() {
        var line = new OrderLine(
                "A-1",
                new LocalizedText("Bread", "Pão"),
                "loaf",
                null,
                1,
                Money.euros("10.55"),
                new BigDecimal("0.0550"));
        given(quotation.quote(any())).willReturn(new Quote(List.of(line), Totals.of(List.of(line)), Map.of("A-1", 7L)));

        assertThat(mvc.post()
                        .uri("/quotes")
                        .contentType(MediaType.APPLICATION_JSON)
                        .content("{" + LINES + "}"))
                .bodyJson()
                .extractingPath("$.lines[0].vatRate")
                .isEqualTo("0.055");
    }

    @Test
    void returns400WithMissingFields() {
        var result = place("{}");
        isProblem(result, HttpStatus.BAD_REQUEST, "invalid-request");
        assertThat(result)
                .bodyJson()
                .extractingPath("$.errors[*].field")
                .asArray()
                .containsExactlyInAnyOrder("lines", "deliveryAddress", "payment");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[1,2", "not json", "{\"lines\":}"})
    void returns400ForMalformedJson(String body) {
        assertThat(place(body)).hasStatus(HttpStatus.BAD_REQUEST);
        verifyNoInteractions(placement);
    }

    @Test
    void returns400WhenBodyIsNotAnObject() {
        for (var body : List.of("[]", "1", "\"x\"", "null", "")) {
            assertThat(place(body)).as(body).hasStatus(HttpStatus.BAD_REQUEST);
        }
        verifyNoInteractions(placement);
    }

    @Test
    void returns415ForOtherContentType() {
        isProblem(
                mvc.post()
                        .uri("/orders")
                        .header("Authorization", "Bearer " + TestIdentity.token("ana", "customer"))
                        .header("Idempotency-Key", "key-1")
                        .contentType(MediaType.TEXT_PLAIN)
                        .content(GOOD)
                        .exchange(),
                HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                "unsupported-media-type");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "with space", "é"})
    void returns400ForInvalidIdempotencyKey(String key) {
        isProblem(
                mvc.post()
                        .uri("/orders")
                        .header("Authorization", "Bearer " + TestIdentity.token("ana", "customer"))
                        .header("Idempotency-Key", key)
                        .contentType(MediaType.APPLICATION_JSON)
                        .content(GOOD)
                        .exchange(),
                HttpStatus.BAD_REQUEST,
                "idempotency-key-missing");
    }

    @Test
    void returns400ForMissingRepeatedOrLongIdempotencyKey() {
        var request = mvc.post()
                .uri("/orders")
                .header("Authorization", "Bearer " + TestIdentity.token("ana", "customer"))
                .contentType(MediaType.APPLICATION_JSON)
                .content(GOOD);
        isProblem(request.exchange(), HttpStatus.BAD_REQUEST, "idempotency-key-missing");
        isProblem(
                request.header("Idempotency-Key", "k".repeat(101)).exchange(),
                HttpStatus.BAD_REQUEST,
                "idempotency-key-missing");
        isProblem(
                request.header("Idempotency-Key", "second").exchange(),
                HttpStatus.BAD_REQUEST,
                "idempotency-key-missing");
    }

    @Test
    void returns409ForKeyInFlightAnd422ForReusedKey() throws Exception {
        for (var type : List.of("InFlight", "Reused")) {
            var constructor = Class.forName(IdempotencyProblem.class.getName() + "$" + type)
                    .getDeclaredConstructor();
            constructor.setAccessible(true);
            willThrow((IdempotencyProblem) constructor.newInstance())
                    .given(placement)
                    .place(any(), any(), any(), any());
            var result = place(GOOD);
            assertThat(result)
                    .hasStatus(type.equals("InFlight") ? HttpStatus.CONFLICT : HttpStatus.UNPROCESSABLE_CONTENT);
            assertThat(result)
                    .bodyJson()
                    .extractingPath("$.type")
                    .isEqualTo(
                            "urn:feira:problem:idempotency-key-" + (type.equals("InFlight") ? "in-flight" : "reused"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/orders?limit=0",
                "/orders?limit=101",
                "/orders?limit=x",
                "/orders?status=NONE",
                "/orders?customer=%00",
                "/orders/not-an-id"
            })
    void returns400ForInvalidParameter(String uri) {
        isProblem(
                mvc.get()
                        .uri(java.net.URI.create(uri))
                        .header("Authorization", "Bearer " + TestIdentity.token("sofia", "staff"))
                        .exchange(),
                HttpStatus.BAD_REQUEST,
                "invalid-request");
    }

    @Test
    void returnsQuoteWithoutSignIn() {
        var line = new OrderLine(
                "A-1",
                new LocalizedText("Apple", "Maçã"),
                "kg",
                "/api/pictures/apple.webp",
                2,
                Money.euros("3.20"),
                new BigDecimal("0.0600"));
        given(quotation.quote(any())).willReturn(new Quote(List.of(line), Totals.of(List.of(line)), Map.of("A-1", 7L)));
        assertThat(mvc.post()
                        .uri("/quotes")
                        .contentType(MediaType.APPLICATION_JSON)
                        .content("{" + LINES + "}"))
                .hasStatusOk()
                .bodyJson()
                .isStrictlyEqualTo("""
                        {"lines":[{"sku":"A-1","name":{"en":"Apple","pt":"Maçã"},"unit":"kg",
                          "picture":"/api/pictures/apple.webp","quantity":2,
                          "unitPrice":{"amount":"3.20","currency":"EUR"},"lineTotal":{"amount":"6.40","currency":"EUR"},
                          "vatRate":"0.06","available":7}],
                         "totals":{"net":{"amount":"6.04","currency":"EUR"},"vat":{"amount":"0.36","currency":"EUR"},
                          "gross":{"amount":"6.40","currency":"EUR"}}}""");
    }

    @Test
    void returns400ForPriceInQuoteRequest() {
        isProblem(
                mvc.post()
                        .uri("/quotes")
                        .contentType(MediaType.APPLICATION_JSON)
                        .content("{" + LINES + ",\"totals\":{}}")
                        .exchange(),
                HttpStatus.BAD_REQUEST,
                "unexpected-field");
    }

    @Test
    void returns202WhileAuditRuns() {
        willThrow(OrderAudit.UnderWay.class).given(audit).audit();

        var result = mvc.get()
                .uri("/audit")
                .header("Authorization", "Bearer " + TestIdentity.token("sam", "staff"))
                .exchange();

        assertThat(result).hasStatus(HttpStatus.ACCEPTED).hasHeader("Retry-After", "1");
    }

    @Test
    void returns413ForOversizedBody() {
        // the server writes its problem; service-defaults tests that
        assertThat(place(GOOD.replace("Rua 1", "x".repeat(2_000_000)))).hasStatus(HttpStatus.CONTENT_TOO_LARGE);
    }

    @Test
    void returns400ForTooLongStreet() {
        isProblem(place(GOOD.replace("Rua 1", "x".repeat(2_000))), HttpStatus.BAD_REQUEST, "invalid-request");
    }
}
