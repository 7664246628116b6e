package dev.feira.benchmarks;

import dev.feira.local.client.FeiraClient;
import dev.feira.local.client.LoginForm;
import java.io.IOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Somebody who is signed in.
 *
 * @param headers what each of their requests carries
 */
record Credentials(Map<String, String> headers) {

    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    /** Nobody in particular. */
    static final Credentials ANONYMOUS = new Credentials(Map.of());

    /** Signs in as an API client does; the token is good for some minutes. */
    static Credentials withToken(URI gateway, String email, String password) {
        var tokens = FeiraClient.at(gateway).signIn().withPassword(email, password);
        return new Credentials(Map.of("Authorization", "Bearer " + tokens.access()));
    }

    /** Signs in as a browser does, by the login page: a session cookie, and the token against forged requests. */
    static Credentials withSession(URI gateway, String email, String password) throws IOException, InterruptedException {
        var cookies = new CookieManager(null, CookiePolicy.ACCEPT_ALL);
        try (var browser = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .cookieHandler(cookies)
                .build()) {
            var page = visit(browser, HttpRequest.newBuilder(gateway.resolve("/login?continue=/")));
            var form = LoginForm.find(page.body())
                    .orElseThrow(() -> new MeasurementFailed("There is no login form at " + page.uri()));
            var fields = form.filled(email, password).entrySet().stream()
                    .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
                    .collect(Collectors.joining("&"));
            visit(
                    browser,
                    HttpRequest.newBuilder(page.uri().resolve(form.action()))
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(HttpRequest.BodyPublishers.ofString(fields)));
            var session = visit(browser, HttpRequest.newBuilder(gateway.resolve("/session")));
            if (!session.body().replace(" ", "").contains("\"authenticated\":true")) {
                throw new MeasurementFailed("Signing in by the login page gave no session.");
            }
        }
        var all = cookies.getCookieStore().getCookies().stream()
                .collect(Collectors.toMap(HttpCookie::getName, HttpCookie::getValue, (first, _) -> first));
        var csrf = all.getOrDefault("XSRF-TOKEN", "");
        return new Credentials(Map.of(
                "Cookie",
                "FEIRA_SESSION=%s; XSRF-TOKEN=%s".formatted(all.get("FEIRA_SESSION"), csrf),
                "X-XSRF-TOKEN",
                csrf));
    }

    private static HttpResponse<String> visit(HttpClient browser, HttpRequest.Builder request)
            throws IOException, InterruptedException {
        var built = request.header("Accept", "text/html, application/json")
                .timeout(TIMEOUT)
                .build();
        LoadGenerator.loopback(built.uri());
        var answer = browser.send(built, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new MeasurementFailed("%s answers %d.".formatted(answer.uri(), answer.statusCode()));
        }
        return answer;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
