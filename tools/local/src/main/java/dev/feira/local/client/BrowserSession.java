package dev.feira.local.client;

import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.HttpCookie;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Signs in through the login page as a browser does: keeps cookies, follows redirects and fills in the form. After
 * {@link SignIn#inShop} it holds the cookies of a signed-in session.
 */
public final class BrowserSession implements AutoCloseable {

    /** Login page, its form and the authorization endpoint take five requests; more than ten are a loop. */
    private static final int MAX_REQUESTS = 10;

    private final CookieManager cookies = new CookieManager(null, CookiePolicy.ACCEPT_ALL);
    private final HttpClient client = Http.builder()
            .cookieHandler(cookies)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    BrowserSession() {}

    /** The HTTP client that sends this session's cookies; it does not follow redirects. */
    public HttpClient client() {
        return client;
    }

    /** The value of a cookie, e.g. of {@code XSRF-TOKEN}; empty if it is not set. */
    public String cookie(String name) {
        return cookies.getCookieStore().getCookies().stream()
                .filter(cookie -> cookie.getName().equals(name))
                .map(HttpCookie::getValue)
                .findFirst()
                .orElse("");
    }

    @Override
    public void close() {
        client.close();
    }

    /**
     * Opens a page, fills in the login form and follows the redirects. Repeats a request once the {@code Retry-After} of
     * a 429 or 503 is over.
     *
     * @param end the start of an address: a redirect to it is returned and not followed; null for none
     * @return the redirect to {@code end}, or the page after the login
     * @throws ApiProblem status 401, type {@code login-refused}: the login page shows the form again
     */
    HttpResponse<String> signIn(URI start, @Nullable String end, String email, String password) {
        var request = get(start, "text/html");
        var submitted = false;
        for (var sent = 0; sent < MAX_REQUESTS; sent++) {
            var response = Http.send(client, request);
            if (Http.waitForRetry(response)) {
                continue;
            }
            var redirect = redirect(response);
            if (redirect.isPresent()) {
                if (end != null && redirect.get().toString().startsWith(end)) {
                    return response;
                }
                request = get(redirect.get(), "text/html");
                continue;
            }
            var form = LoginForm.find(response.body());
            if (response.statusCode() != 200 || form.isEmpty()) {
                return response;
            }
            if (submitted) {
                throw new ApiProblem(
                        "the login page", 401, "login-refused", "the password is wrong or the account is locked", null);
            }
            request = submission(response.uri(), form.get(), email, password);
            submitted = true;
        }
        throw new ApiProblem("the login page", 302, "", "more than " + MAX_REQUESTS + " requests", null);
    }

    HttpResponse<String> getJson(URI uri) {
        return Http.send(client, get(uri, "application/json"));
    }

    static Optional<URI> redirect(HttpResponse<String> response) {
        return response.headers()
                .firstValue("Location")
                .filter(_ -> response.statusCode() / 100 == 3)
                .map(response.uri()::resolve);
    }

    /** @param accept exactly text/html for pages: the authorization server starts a login for that media type only */
    private static HttpRequest get(URI uri, String accept) {
        return HttpRequest.newBuilder(uri)
                .timeout(Http.TIMEOUT)
                .header("Accept", accept)
                .build();
    }

    private static HttpRequest submission(URI page, LoginForm form, String email, String password) {
        return Http.form(HttpRequest.newBuilder(page.resolve(form.action())), form.filled(email, password))
                .header("Accept", "text/html")
                .header("Origin", page.getScheme() + "://" + page.getAuthority())
                .build();
    }
}
