package dev.feira.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.feira.local.client.LoginForm;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.stream.Collectors;

/** Signs in to the shop through the login page, as a browser does. */
public final class ShopSession {

    private ShopSession() {}

    /** Returns a client whose cookies hold the user's session. The caller closes it. */
    public static HttpClient signIn(TestUser user) {
        var cookies = new CookieManager(null, CookiePolicy.ACCEPT_ALL);
        try (var browser = Http.newClient()
                .cookieHandler(cookies)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build()) {
            Http.retry(() -> openAndSubmit(browser, user), false).expect(200);
        }
        return Http.newClient().cookieHandler(cookies).build();
    }

    private static Response openAndSubmit(HttpClient browser, TestUser user) {
        var page = Http.send(
                browser,
                Http.request("/login?continue=/").header("Accept", "text/html").build());
        return LoginForm.find(page.text())
                .map(form -> submit(browser, page, form, user))
                .orElse(page);
    }

    private static Response submit(HttpClient browser, Response page, LoginForm form, TestUser user) {
        var fields = form.filled(user.email(), user.password()).entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
        return Http.send(
                browser,
                Http.request("/")
                        .uri(page.uri().resolve(form.action()))
                        .header("Accept", "text/html")
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(fields))
                        .build());
    }
}
