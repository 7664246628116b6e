package dev.feira.user;

import static dev.feira.user.TestProvider.JSON;
import static dev.feira.user.TestProvider.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One account for each e-mail address, however its international domain is written. */
class EmailAddressTests {

    private final TestProvider provider = TestProvider.shared();
    private final String local = "person-" + UUID.randomUUID();

    private HttpResponse<String> register(String email) {
        var account = Map.of("email", email, "password", TestProvider.PASSWORD, "name", "Maria do Mar");
        return TestProvider.send(HttpRequest.newBuilder(URI.create(provider.url() + "/id/users"))
                .header("Content-Type", "application/json")
                .header("X-Forwarded-For", TestProvider.newAddress()) // one network gets email-taken a few times only
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(account)))
                .build());
    }

    private static List<String> forms(String local) {
        var unicode = local + "@bücher.example";
        return List.of(
                unicode,
                local + "@xn--bcher-kva.example",
                unicode.toUpperCase(Locale.ROOT),
                local + "@XN--BCHER-KVA.Example",
                Normalizer.normalize(unicode, Normalizer.Form.NFD),
                local + "@bücher。example", // the ideographic full stop is a dot in a domain (RFC 3490, 3.1)
                local + "@ｂüｃher.example");
    }

    @Test
    void registersOneAccountForAllFormsOfADomain() {
        for (var first : List.of(0, 1, 4)) {
            var forms = forms(local + first);

            assertThat(register(forms.get(first)).statusCode()).isEqualTo(201);

            for (var form : forms) {
                var again = register(form);
                assertThat(again.statusCode()).as(form).isEqualTo(409);
                assertThat(again.body()).contains("urn:feira:problem:email-taken");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u00a0", "\u200b", "\u2060", "\u3164", "\u00ad"})
    void rejectsAddressWithInvisibleCharacters(String invisible) {
        assertThat(register(invisible + local + "@feira.example").statusCode()).isEqualTo(400);
        assertThat(register(local + invisible + "@feira.example").statusCode()).isEqualTo(400);
    }

    @Test
    void registersOneAccountForBothNormalFormsOfAnAccent() {
        assertThat(register("jose\u0301." + local + "@feira.example").statusCode())
                .isEqualTo(201);

        assertThat(register("jos\u00e9." + local + "@feira.example").statusCode())
                .isEqualTo(409);
    }

    @Test
    void signsInWithEachFormOfADomain() {
        var id = json(register(local + "@xn--bcher-kva.example")).get("id").stringValue();

        for (var form : forms(local)) {
            var tokens = new Browser(provider).signInFor(TestProvider.Client.GATEWAY, form, TestProvider.PASSWORD);
            assertThat(TestProvider.claims(tokens.access()).get("sub").stringValue())
                    .as(form)
                    .isEqualTo(id);
        }
    }

    @Test
    void findsAccountByEachFormOfADomain() {
        var registered = json(register(local + "@xn--bcher-kva.example"));
        assertThat(registered.get("email").stringValue()).isEqualTo(local + "@bücher.example");
        var admin = provider.signIn(TestProvider.ADMIN).access();

        for (var form : forms(local)) {
            var found = provider.get("/id/users?email=" + TestProvider.encoded(form), admin);
            assertThat(found.statusCode()).as(form).isEqualTo(200);
            assertThat(json(found).get("id")).isEqualTo(registered.get("id"));
        }
    }

    /** Stored by a version before, in lower case only. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "@bücher.example",
                "@xn--bcher-kva.example",
                "@bu\u0308cher.example",
                "@strasse.example",
                "@xn--strae-oqa.example",
                "@a.xn--zz"
            })
    void keepsAccountOfAnEarlierVersion(String domain) {
        var id = json(register(local + "@feira.example")).get("id").stringValue();
        provider.jdbc()
                .sql("update users set email = :email where id = cast(:id as uuid)")
                .param("email", local + domain)
                .param("id", id)
                .update();

        var tokens = new Browser(provider)
                .signInFor(
                        TestProvider.Client.GATEWAY, (local + domain).toUpperCase(Locale.ROOT), TestProvider.PASSWORD);

        assertThat(TestProvider.claims(tokens.access()).get("sub").stringValue())
                .isEqualTo(id);
        assertThat(register(local + domain).statusCode()).isIn(400, 409);
        if (domain.endsWith("cher.example") && !domain.contains("\u0308")) {
            for (var form : forms(local)) {
                assertThat(register(form).statusCode()).as(form).isEqualTo(409);
            }
        }
    }

    @Test
    void countsGuessesAtAllFormsOfADomainTogether() {
        register(local + "@bücher.example");
        var browser = new Browser(provider).from(TestProvider.newAddress());
        var forms = forms(local);
        for (var guess = 0; guess < 5; guess++) {
            assertThat(Browser.location(browser.logIn(forms.get(guess), "not this one at all")))
                    .endsWith("?error");
        }

        assertThat(Browser.location(browser.logIn(forms.get(5), "not this one at all")))
                .contains("?wait=");
    }

    @Test
    void distinguishesOtherDomainsAndLocalParts() {
        for (var other : List.of(
                "@bücher.example", "@bucher.example", "@buecher.example", "@straße.example", "@strasse.example")) {
            assertThat(register(local + other).statusCode()).as(other).isEqualTo(201);
        }
        assertThat(register(local + "x@bücher.example").statusCode()).isEqualTo(201);
    }

    @ParameterizedTest
    @CsvSource({
        "xn--zz.example", // no Punycode
        "xn--.example",
        "a.xn--bcher-kva-.example",
        "xn--strae-oqa.example", // a letter that IDNA 2003 does not keep
        "bü\u00a0cher.example",
        "bücher\u2003.example",
        "bü\ue000cher.example", // private use
        "bü\u202echer.example", // right-to-left override
        "אa.example", // mixed directions
        "bücher..example",
        "üaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example", // a label of more than 63
        // characters
    })
    void rejectsMalformedDomain(String domain) {
        var response = register(local + "@" + domain);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        var error = json(response).get("errors").get(0);
        assertThat(error.get("field").stringValue()).isEqualTo("email");
        assertThat(error.get("message").stringValue())
                .isEqualTo(
                        "must be an e-mail address with a valid domain, such as ana@feira.example or ana@bücher.example");
    }
}
