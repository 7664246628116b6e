package dev.feira.user;

import static dev.feira.user.TestProvider.JSON;
import static dev.feira.user.TestProvider.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class AccountTests {

    private final TestProvider provider = TestProvider.shared();

    private HttpResponse<String> register(Map<String, Object> changes) {
        var body = new LinkedHashMap<String, Object>(Map.of(
                "email",
                "person-" + UUID.randomUUID() + "@feira.example",
                "password",
                TestProvider.PASSWORD,
                "name",
                "Maria do Mar"));
        body.putAll(changes);
        return provider.send("POST", "/id/users", null, JSON.writeValueAsString(body));
    }

    private static String problem(HttpResponse<String> response) {
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        return json(response).get("type").stringValue().replace("urn:feira:problem:", "");
    }

    @Test
    void registersCustomerAndReturnsNoPassword() {
        var response = register(Map.of("email", "  Person-" + UUID.randomUUID() + "@Feira.Example"));

        assertThat(response.statusCode()).as(response.body()).isEqualTo(400); // an e-mail address has no spaces
        response = register(Map.of("email", "Person-" + UUID.randomUUID() + "@Feira.Example", "locale", "pt"));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        assertThat(response.headers().firstValue("Location")).contains("/api/users/me");
        var user = json(response);
        assertThat(user.propertyNames())
                .containsExactlyInAnyOrder("id", "email", "emailVerified", "name", "roles", "locale", "createdAt");
        assertThat(user.get("email").stringValue()).startsWith("person-").endsWith("@feira.example");
        assertThat(user.get("roles")).extracting(JsonNode::stringValue).containsExactly("customer");
        assertThat(user.get("locale").stringValue()).isEqualTo("pt");
    }

    @Test
    void returns409ForRegisteredEmailAddressInAnotherCase() {
        var email = "person-" + UUID.randomUUID() + "@feira.example";
        assertThat(register(Map.of("email", email)).statusCode()).isEqualTo(201);

        var again = register(Map.of("email", email.toUpperCase(java.util.Locale.ROOT)));

        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(problem(again)).isEqualTo("email-taken");
    }

    @Test
    void registersOnceWhenRequestsAreParallel() throws Exception {
        var email = "person-" + UUID.randomUUID() + "@feira.example";
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Integer> one = () -> register(Map.of("email", email)).statusCode();
            var responses = threads
                    .invokeAll(IntStream.range(0, 8).mapToObj(_ -> one).toList())
                    .stream()
                    .map(Future::resultNow)
                    .toList();

            assertThat(responses).containsOnlyOnce(201).containsOnly(201, 409);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "password, two figs, too-short",
        "password, 'Password 2026!', too-common",
        "password, aaaaaaaaaaaa, too-simple",
        "password, 23456789:;<, too-simple",
    })
    void namesTheRuleThatAPasswordViolates(String field, String password, String rule) {
        var response = register(Map.of("password", password));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(problem(response)).isEqualTo("invalid-request");
        assertThat(json(response).get("errors").get(0).get("field").stringValue())
                .isEqualTo(field);
        assertThat(json(response).get("errors").get(0).get("rule").stringValue())
                .isEqualTo(rule);
        assertThat(response.body()).doesNotContain(password);
    }

    @ParameterizedTest
    @CsvSource({
        "email, not-an-address, 'must be an e-mail address with a valid domain, such as ana@feira.example or ana@bücher.example'",
        "email, a@b, 'must be an e-mail address with a valid domain, such as ana@feira.example or ana@bücher.example'",
        "name, '', must have at least one visible character",
        "locale, fr, 'must be one of en, pt'"
    })
    void namesTheInvalidFieldOfARegistration(String field, String value, String message) {
        var response = register(Map.of(field, value));

        assertThat(response.statusCode()).isEqualTo(400);
        var errors = json(response).get("errors");
        assertThat(errors).hasSize(1);
        assertThat(errors.get(0).get("field").stringValue()).isEqualTo(field);
        assertThat(errors.get(0).get("message").stringValue()).isEqualTo(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "\u00a0", "\u2003", "\u3000", "\u200b", "\u2060", "\ufeff", "\u3164", " \u00a0"})
    void rejectsNameWithoutAVisibleCharacter(String name) {
        assertInvisible(register(Map.of("name", name)));
        var token = provider.signIn(TestProvider.ANA).access();
        assertInvisible(provider.send("PATCH", "/id/users/me", token, JSON.writeValueAsString(Map.of("name", name))));
        for (var field : List.of("Home", "Maria", "Rua da Feira 1", "Lisboa")) {
            var address = ADDRESS.formatted(false).replace('"' + field + '"', '"' + name + '"');
            assertInvisible(provider.send("POST", "/id/users/me/addresses", token, address));
        }
    }

    private static void assertInvisible(HttpResponse<String> response) {
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).get("errors").get(0).get("message").stringValue())
                .isEqualTo("must have at least one visible character");
    }

    @Test
    void removesUnicodeSpacesAroundNames() {
        assertThat(json(register(Map.of("name", "\u00a0Maria do\u00a0Mar\u3000")))
                        .get("name")
                        .stringValue())
                .isEqualTo("Maria do\u00a0Mar");
        var token = provider.signIn(provider.newAccount()).access();
        assertThat(json(provider.send("PATCH", "/id/users/me", token, "{\"name\": \"\ufeffAna\u200b\"}"))
                        .get("name")
                        .stringValue())
                .isEqualTo("Ana");
        var address = provider.send(
                "POST",
                "/id/users/me/addresses",
                token,
                ADDRESS.formatted(false).replace("Lisboa", "\u00a0Lisboa\u2003"));
        assertThat(json(address).get("city").stringValue()).isEqualTo("Lisboa");
    }

    @Test
    void namesTheRoles() {
        var admin = provider.signIn(TestProvider.ADMIN).access();
        var roles = "/id/users/" + UUID.randomUUID() + "/roles";

        for (var role : List.of("\"owner\"", "\"Staff\"")) {
            var response = provider.send("PUT", roles, admin, "{\"roles\": [" + role + "]}");
            assertThat(response.body()).contains("\"message\":\"must be one of customer, staff, admin\"");
        }
    }

    @Test
    void rejectsMultilineNameAndUnexpectedRoles() {
        assertThat(register(Map.of("name", "Ana\nroot")).statusCode()).isEqualTo(400);
        var admin = register(Map.of("roles", List.of("admin")));
        assertThat(admin.statusCode()).isEqualTo(400);
        assertThat(problem(admin)).isEqualTo("unexpected-field");
    }

    @Test
    void returnsProblemForMalformedRequests() {
        assertThat(problem(provider.send("POST", "/id/users", null, "{\"email\":")))
                .isEqualTo("malformed-json");
        assertThat(problem(provider.form("/id/users", null, Map.of("email", "x"))))
                .isEqualTo("unsupported-media-type");
        assertThat(problem(provider.send(
                        "PUT", "/id/users/me", provider.signIn(TestProvider.ANA).access(), null)))
                .isEqualTo("method-not-allowed");
    }

    @Test
    void changesSubmittedProfileFieldsOnly() {
        var tokens = provider.signIn(provider.newAccount());

        var changed = provider.send("PATCH", "/id/users/me", tokens.access(), "{\"name\": \"Nova\"}");
        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
        changed = provider.send("PATCH", "/id/users/me", tokens.access(), "{\"locale\": \"pt\"}");

        var me = json(provider.get("/id/users/me", tokens.access()));
        assertThat(me.get("name").stringValue()).isEqualTo("Nova");
        assertThat(me.get("locale").stringValue()).isEqualTo("pt");
        assertThat(provider.send("PATCH", "/id/users/me", tokens.access(), "{\"name\": \" \"}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(provider.send("PATCH", "/id/users/me", tokens.access(), "{\"email\": \"x@y.pt\"}")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void endsAllSessionsWhenPasswordChanges() {
        var email = provider.newAccount();
        var browser = new Browser(provider);
        var tokens = browser.signInFor(TestProvider.Client.GATEWAY, email, TestProvider.PASSWORD);
        var wrong = change(tokens, "not this one at all", "eight green apples");
        assertThat(wrong.statusCode()).isEqualTo(403);
        assertThat(problem(wrong)).isEqualTo("wrong-password");

        assertThat(change(tokens, TestProvider.PASSWORD, "eight green apples").statusCode())
                .isEqualTo(204);

        assertThat(provider.refresh(tokens.refresh()).statusCode()).isEqualTo(400);
        assertThat(Browser.location(browser.get(browser.authorizationRequest(TestProvider.Client.GATEWAY))))
                .as("the browser session ended, too")
                .endsWith("/id/login");
        assertThat(Browser.location(new Browser(provider).logIn(email, TestProvider.PASSWORD)))
                .endsWith("?error");
        new Browser(provider).signInFor(TestProvider.Client.GATEWAY, email, "eight green apples");
    }

    @Test
    void returns409WhenPasswordOfDemonstrationAccountIsChanged() {
        var tokens = provider.signIn(TestProvider.ANA);

        assertThat(problem(change(tokens, TestProvider.DEMO_PASSWORD, "eight green apples")))
                .isEqualTo("demo-account");
    }

    private HttpResponse<String> change(TestProvider.Tokens tokens, String from, String to) {
        return provider.send(
                "PUT",
                "/id/users/me/password",
                tokens.access(),
                JSON.writeValueAsString(Map.of("currentPassword", from, "newPassword", to)));
    }

    // --- the address book

    private static final String ADDRESS = """
            {"label": "Home", "name": "Maria", "street": "Rua da Feira 1", "postalCode": "1100-001",
             "city": "Lisboa", "country": "PT", "isDefault": %s}""";

    private String add(String token, boolean isDefault) {
        var response = provider.send("POST", "/id/users/me/addresses", token, ADDRESS.formatted(isDefault));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        var id = json(response).get("id").stringValue();
        assertThat(response.headers().firstValue("Location")).contains("/api/users/me/addresses/" + id);
        return id;
    }

    private List<String> addresses(String token, boolean defaultsOnly) {
        var items = json(provider.get("/id/users/me/addresses", token)).get("items");
        return StreamSupport.stream(items.spliterator(), false)
                .filter(item -> !defaultsOnly || item.get("isDefault").booleanValue())
                .map(item -> item.get("id").stringValue())
                .toList();
    }

    @Test
    void keepsExactlyOneDefaultAddress() {
        var token = provider.signIn(provider.newAccount()).access();
        assertThat(addresses(token, false)).isEmpty();
        var first = add(token, false);
        assertThat(addresses(token, true)).containsExactly(first);
        var second = add(token, true);
        var third = add(token, false);
        assertThat(addresses(token, true)).containsExactly(second);

        assertThat(provider.send("PUT", "/id/users/me/addresses/" + third, token, ADDRESS.formatted(true))
                        .statusCode())
                .isEqualTo(200);
        assertThat(addresses(token, true)).containsExactly(third);
        assertThat(provider.send("DELETE", "/id/users/me/addresses/" + third, token, null)
                        .statusCode())
                .isEqualTo(204);

        assertThat(addresses(token, true)).containsExactly(first);
        assertThat(addresses(token, false)).containsExactly(first, second);
    }

    @Test
    void keepsOneDefaultAfterParallelRequests() throws Exception {
        var token = provider.signIn(provider.newAccount()).access();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<String> one = () -> add(token, true);
            threads.invokeAll(IntStream.range(0, 8).mapToObj(_ -> one).toList());
        }

        assertThat(addresses(token, false)).hasSize(8);
        assertThat(addresses(token, true)).hasSize(1);
    }

    @Test
    void returns404ForAddressOfAnotherUser() {
        var owner = provider.signIn(provider.newAccount()).access();
        var id = add(owner, true);
        var other = provider.signIn(provider.newAccount()).access();

        var changed = provider.send("PUT", "/id/users/me/addresses/" + id, other, ADDRESS.formatted(true));
        var removed = provider.send("DELETE", "/id/users/me/addresses/" + id, other, null);

        assertThat(List.of(changed.statusCode(), removed.statusCode())).containsOnly(404);
        assertThat(problem(changed)).isEqualTo("address-not-found");
        assertThat(addresses(owner, false)).containsExactly(id);
    }

    @Test
    void returns409WhenAddressBookIsFull() {
        var token = provider.signIn(provider.newAccount()).access();
        for (var i = 0; i < 20; i++) {
            add(token, false);
        }

        var full = provider.send("POST", "/id/users/me/addresses", token, ADDRESS.formatted(false));

        assertThat(full.statusCode()).isEqualTo(409);
        assertThat(problem(full)).isEqualTo("address-book-full");
    }

    @Test
    void namesTheInvalidFieldOfAnAddress() {
        var token = provider.signIn(provider.newAccount()).access();
        var fields = new ArrayList<String>();
        for (var change : List.of(
                Map.entry("\"PT\"", "\"XX\""), Map.entry("1100-001", "1100"), Map.entry("\"Lisboa\"", "\" \""))) {
            var response = provider.send(
                    "POST",
                    "/id/users/me/addresses",
                    token,
                    ADDRESS.formatted(false).replace(change.getKey(), change.getValue()));
            assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
            fields.add(json(response).get("errors").get(0).get("field").stringValue());
        }

        assertThat(fields).containsExactly("country", "postalCode", "city");
    }
}
