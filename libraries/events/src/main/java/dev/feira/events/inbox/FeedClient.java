package dev.feira.events.inbox;

import dev.feira.defaults.FeiraProperties;
import dev.feira.events.CloudEvent;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.MediaType;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.oauth2.client.AuthorizedClientServiceOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.ClientCredentialsOAuth2AuthorizedClientProvider;
import org.springframework.security.oauth2.client.InMemoryOAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.endpoint.RestClientClientCredentialsTokenResponseClient;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.InMemoryClientRegistrationRepository;
import org.springframework.security.oauth2.client.web.client.OAuth2ClientHttpRequestInterceptor;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.http.converter.OAuth2AccessTokenResponseHttpMessageConverter;
import org.springframework.web.client.RestClient;

/** Reads feeds over HTTP, with a token of this service from Spring Security's client. */
final class FeedClient {

    private static final String REGISTRATION = "feeds";
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration TOKEN_TIMEOUT = Duration.ofSeconds(2);
    /** For the response after the longest wait. */
    private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(3);

    private final InboxProperties settings;
    private final RestClient http;

    FeedClient(RestClient.Builder builder, FeiraProperties.Identity identity, InboxProperties settings) {
        this.settings = settings;
        this.http = builder.clone()
                .requestFactory(requests(settings.longestWait().plus(RESPONSE_TIMEOUT)))
                .requestInterceptor(tokens(builder, identity, settings))
                .build();
    }

    /**
     * Events of a feed, oldest first.
     *
     * @param remaining the number of events after them, as far as the feed counts
     */
    record Batch(List<CloudEvent> events, int remaining) {}

    /**
     * Returns the events after a position; waits for one where there is none.
     *
     * @param position the last applied position; empty: from the beginning
     * @param wait rounded up to seconds, at least one: a rest of zero would become a busy loop
     * @throws RuntimeException the feed or user-service does not respond, or rejects the position
     */
    Batch read(String feed, String position, Duration wait) {
        return read(feed, position, wait, false);
    }

    /** Returns the events after a position again. The feed does not take it for the position of this service. */
    Batch audit(String feed, String position) {
        return read(feed, position, Duration.ZERO, true);
    }

    private Batch read(String feed, String position, Duration wait, boolean audit) {
        var url = Objects.requireNonNull(settings.feeds().get(feed));
        var response = http.get()
                .uri(
                        url + "/feeds/{feed}?after={after}&limit={limit}&wait={wait}&audit={audit}",
                        feed,
                        position,
                        settings.batch(),
                        seconds(wait),
                        audit)
                .accept(MediaType.parseMediaType(CloudEvent.BATCH), MediaType.APPLICATION_PROBLEM_JSON)
                .retrieve()
                .toEntity(new ParameterizedTypeReference<List<CloudEvent>>() {});
        var events = response.getBody();
        var remaining = response.getHeaders().getFirst("Feed-Remaining");
        return new Batch(events == null ? List.of() : events, remaining == null ? 0 : Integer.parseInt(remaining));
    }

    private static long seconds(Duration wait) {
        return Math.max(1, wait.plusMillis(999).toSeconds());
    }

    private static OAuth2ClientHttpRequestInterceptor tokens(
            RestClient.Builder builder, FeiraProperties.Identity identity, InboxProperties settings) {
        var registration = ClientRegistration.withRegistrationId(REGISTRATION)
                .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
                .tokenUri(identity.tokenUri().toString())
                .clientId(settings.client().id())
                .clientSecret(settings.client().secret())
                .scope(settings.feeds().keySet().stream().map("feeds."::concat).toList())
                .build();
        var registrations = new InMemoryClientRegistrationRepository(registration);
        var clients = new InMemoryOAuth2AuthorizedClientService(registrations);
        var responses = new RestClientClientCredentialsTokenResponseClient();
        responses.setRestClient(builder.clone()
                .requestFactory(requests(TOKEN_TIMEOUT))
                .configureMessageConverters(converters ->
                        converters.addCustomConverter(new OAuth2AccessTokenResponseHttpMessageConverter()))
                .build());
        var provider = new ClientCredentialsOAuth2AuthorizedClientProvider();
        provider.setAccessTokenResponseClient(responses);
        var manager = new AuthorizedClientServiceOAuth2AuthorizedClientManager(registrations, clients);
        manager.setAuthorizedClientProvider(provider);
        var service = new AnonymousAuthenticationToken(
                "service", settings.client().id(), AuthorityUtils.createAuthorityList("ROLE_SERVICE"));
        var interceptor = new OAuth2ClientHttpRequestInterceptor(manager);
        interceptor.setClientRegistrationIdResolver(_ -> REGISTRATION);
        interceptor.setPrincipalResolver(_ -> service);
        // after a 401 the next request gets a new token: the signing key may have been replaced
        interceptor.setAuthorizationFailureHandler(
                OAuth2ClientHttpRequestInterceptor.authorizationFailureHandler(clients));
        return interceptor;
    }

    private static JdkClientHttpRequestFactory requests(Duration timeout) {
        var factory = new JdkClientHttpRequestFactory(HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .build());
        factory.setReadTimeout(timeout);
        return factory;
    }
}
