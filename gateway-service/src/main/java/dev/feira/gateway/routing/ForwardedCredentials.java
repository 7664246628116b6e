package dev.feira.gateway.routing;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** Stores at the request which credentials its service gets. Without an entry it gets none. */
public final class ForwardedCredentials {

    private static final String AUTHORIZATION = ForwardedCredentials.class.getName() + ".authorization";
    private static final String COOKIES = ForwardedCredentials.class.getName() + ".cookies";

    private ForwardedCredentials() {}

    /** The service gets {@code value} as its {@code Authorization} header. */
    public static void authorization(HttpServletRequest request, String value) {
        request.setAttribute(AUTHORIZATION, value);
    }

    /** The service gets what the client sent, and may set cookies. */
    public static void ownCookiesAndAuthorization(HttpServletRequest request) {
        request.setAttribute(COOKIES, true);
        request.setAttribute(AUTHORIZATION, request.getHeader(HttpHeaders.AUTHORIZATION));
    }

    static @Nullable String authorization(HttpServletRequest request) {
        return (String) request.getAttribute(AUTHORIZATION);
    }

    static boolean hasCookies(HttpServletRequest request) {
        return request.getAttribute(COOKIES) != null;
    }
}
