package dev.feira.user.provider;

import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationServerMetadata;
import org.springframework.security.oauth2.server.authorization.oidc.OidcProviderConfiguration;
import org.springframework.security.web.header.HeaderWriter;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.CorsConfigurationSource;

/**
 * Describes what this provider supports, and nothing else: the framework names what it could do. The documents and the key
 * set are public: any origin may read them, and caches keep them for five minutes.
 *
 * @see <a href="https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata">OpenID Connect Discovery 1.0</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8414">RFC 8414, authorization server metadata</a>
 */
final class Discovery {

    private static final Duration CACHED = Duration.ofMinutes(5);
    private static final List<String> CLIENT_AUTHENTICATION =
            List.of("client_secret_basic", "client_secret_post", "none");
    private static final List<String> CLAIMS = List.of(
            "sub",
            "iss",
            "aud",
            "exp",
            "iat",
            "auth_time",
            "nonce",
            "azp",
            "sid",
            "name",
            "locale",
            "updated_at",
            "roles",
            "email",
            "email_verified");
    private static final RequestMatcher DOCUMENTS = documents(HttpMethod.GET);
    private static final RequestMatcher HEADS = documents(HttpMethod.HEAD);

    private Discovery() {}

    private static RequestMatcher documents(HttpMethod method) {
        var paths = PathPatternRequestMatcher.withDefaults();
        return new OrRequestMatcher(
                paths.matcher(method, "/.well-known/openid-configuration"),
                paths.matcher(method, "/.well-known/oauth-authorization-server"),
                paths.matcher(method, "/oauth2/jwks"));
    }

    /** Answers HEAD like GET; Tomcat omits the body. The framework's filters match GET only. */
    static Filter headAsGet() {
        return (request, response, chain) -> {
            var http = (HttpServletRequest) request;
            chain.doFilter(HEADS.matches(http) ? new AsGet(http) : request, response);
        };
    }

    private static final class AsGet extends HttpServletRequestWrapper {

        AsGet(HttpServletRequest request) {
            super(request);
        }

        @Override
        public String getMethod() {
            return HttpMethod.GET.name();
        }
    }

    static void describe(OAuth2AuthorizationServerMetadata.Builder metadata) {
        metadata.claims(Discovery::describeProtocol);
    }

    static void describeOpenId(OidcProviderConfiguration.Builder configuration) {
        configuration.claims(claims -> {
            describeProtocol(claims);
            claims.put("id_token_signing_alg_values_supported", List.of("ES256", "RS256"));
            claims.put("claims_supported", CLAIMS);
            claims.put("prompt_values_supported", List.of("none", "login", "select_account"));
            claims.put("claims_parameter_supported", false);
            claims.put("request_parameter_supported", false);
            claims.put("request_uri_parameter_supported", false);
            claims.put("ui_locales_supported", List.of("en", "pt"));
        });
    }

    private static void describeProtocol(Map<String, Object> claims) {
        claims.put("scopes_supported", List.of("openid", "profile", "email", "offline_access"));
        claims.put(
                "grant_types_supported",
                List.of(
                        "authorization_code",
                        "refresh_token",
                        "client_credentials",
                        "urn:ietf:params:oauth:grant-type:device_code"));
        claims.put("response_modes_supported", List.of("query"));
        claims.put("token_endpoint_auth_methods_supported", CLIENT_AUTHENTICATION);
        claims.put("revocation_endpoint_auth_methods_supported", CLIENT_AUTHENTICATION);
        claims.put(
                "introspection_endpoint_auth_methods_supported", List.of("client_secret_basic", "client_secret_post"));
        claims.put("authorization_response_iss_parameter_supported", true);
        claims.keySet()
                .removeAll(List.of(
                        "pushed_authorization_request_endpoint",
                        "tls_client_certificate_bound_access_tokens",
                        "dpop_signing_alg_values_supported"));
    }

    /** Permits scripts of any origin to read the documents, without cookies. */
    static CorsConfigurationSource readableByAnyOrigin() {
        var anyOrigin = new CorsConfiguration();
        anyOrigin.setAllowedOrigins(List.of(CorsConfiguration.ALL));
        anyOrigin.setAllowedMethods(List.of(HttpMethod.GET.name()));
        return request -> DOCUMENTS.matches(request) ? anyOrigin : null;
    }

    /** Replaces Spring Security's {@code Cache-Control} on the documents, but not on their errors. */
    static HeaderWriter cacheable() {
        return (request, response) -> {
            if (DOCUMENTS.matches(request) && response.getStatus() == HttpStatus.OK.value()) {
                response.setHeader(
                        HttpHeaders.CACHE_CONTROL,
                        CacheControl.maxAge(CACHED).cachePublic().getHeaderValue());
                response.setHeader(HttpHeaders.PRAGMA, null); // removes it: Servlet 6.1
                response.setHeader(HttpHeaders.EXPIRES, null);
            }
        };
    }
}
