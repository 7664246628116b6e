package dev.feira.gateway.filters;

import dev.feira.gateway.limits.RateLimiter;
import dev.feira.gateway.pages.ProductPage;
import dev.feira.gateway.problem.GatewayProblem;
import dev.feira.gateway.problem.ProblemException;
import dev.feira.gateway.routing.ForwardedCredentials;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.server.mvc.common.MvcUtils;
import org.springframework.cloud.gateway.server.mvc.common.Shortcut;
import org.springframework.cloud.gateway.server.mvc.filter.SimpleFilterSupplier;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.servlet.function.HandlerFilterFunction;
import org.springframework.web.servlet.function.HandlerFunction;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * Registers Feira's filters: a route in {@code application.yaml} names a method of this class, with a capital letter.
 * Each method only finds the component that does the work, so that a filter has its collaborators injected.
 */
public final class FeiraFilters {

    private FeiraFilters() {}

    /** {@code AccessToken=required} or {@code AccessToken=optional}: see {@link AccessTokenRelay}. */
    @Shortcut("mode")
    public static HandlerFilterFunction<ServerResponse, ServerResponse> accessToken(AccessTokenRelay.Mode mode) {
        return filter(AccessTokenRelay.class, (relay, request, next) -> relay.filter(mode, request, next));
    }

    /** {@code Deadline=2s}: see {@link Deadline}. */
    @Shortcut("duration")
    public static HandlerFilterFunction<ServerResponse, ServerResponse> deadline(Duration duration) {
        return (request, next) -> Deadline.filter(duration, request, next);
    }

    /** {@code EnabledIf=false}: returns 404 as if the route did not exist. */
    @Shortcut("enabled")
    public static HandlerFilterFunction<ServerResponse, ServerResponse> enabledIf(boolean enabled) {
        return (request, next) -> {
            if (enabled) {
                return next.handle(request);
            }
            throw new ProblemException(GatewayProblem.notFound());
        };
    }

    /** {@code LoadBalanced}: see {@link LoadBalanced}. Stands last, inside the retry. */
    @Shortcut
    public static HandlerFilterFunction<ServerResponse, ServerResponse> loadBalanced() {
        return filter(LoadBalanced.class, LoadBalanced::filter);
    }

    /** {@code LoginPages}: forwards credentials and cookies of the login pages, both ways. */
    @Shortcut
    public static HandlerFilterFunction<ServerResponse, ServerResponse> loginPages() {
        return (request, next) -> {
            ForwardedCredentials.ownCookiesAndAuthorization(request.servletRequest());
            return next.handle(request);
        };
    }

    /** {@code PreferWait=10s}: see {@link PreferWait}. */
    @Shortcut("longest")
    public static HandlerFilterFunction<ServerResponse, ServerResponse> preferWait(Duration longest) {
        return filter(PreferWait.class, (wait, request, next) -> wait.filter(longest, request, next));
    }

    /** {@code ProductPage}: see {@link ProductPage}. */
    @Shortcut
    public static HandlerFilterFunction<ServerResponse, ServerResponse> productPage() {
        return filter(ProductPage.class, ProductPage::filter);
    }

    /** {@code RateLimit=requests}, {@code sign-in} or {@code registration}: see {@link RateLimiter.Policy}. */
    @Shortcut("policy")
    public static HandlerFilterFunction<ServerResponse, ServerResponse> rateLimit(RateLimiter.Policy policy) {
        return filter(RateLimiter.class, (limiter, request, next) -> {
            var servlet = (ServletRequestAttributes) RequestContextHolder.currentRequestAttributes();
            limiter.take(policy, request.servletRequest(), Objects.requireNonNull(servlet.getResponse()));
            return next.handle(request);
        });
    }

    /** {@code RetryOnAnotherInstance=1s}: see {@link RetryOnAnotherInstance}. */
    @Shortcut("attempt")
    public static HandlerFilterFunction<ServerResponse, ServerResponse> retryOnAnotherInstance(Duration attempt) {
        return filter(RetryOnAnotherInstance.class, (retries, request, next) -> retries.filter(attempt, request, next));
    }

    /** {@code TrafficClass=browsing}: see {@link TrafficClasses}. */
    @Shortcut("name")
    public static HandlerFilterFunction<ServerResponse, ServerResponse> trafficClass(String name) {
        return filter(TrafficClasses.class, (classes, request, next) -> classes.filter(name, request, next));
    }

    private interface Step<T> {

        ServerResponse apply(T component, ServerRequest request, HandlerFunction<ServerResponse> next) throws Exception;
    }

    /** Looks the component up at the first request: routes are built before the context is complete. */
    private static <T> HandlerFilterFunction<ServerResponse, ServerResponse> filter(Class<T> type, Step<T> step) {
        return new HandlerFilterFunction<>() {

            private volatile @Nullable T component;

            @Override
            public ServerResponse filter(ServerRequest request, HandlerFunction<ServerResponse> next) throws Exception {
                var found = component;
                if (found == null) {
                    found = MvcUtils.getApplicationContext(request).getBean(type);
                    component = found;
                }
                return step.apply(found, request, next);
            }
        };
    }

    /** Listed in {@code META-INF/spring.factories}. */
    public static final class FilterSupplier extends SimpleFilterSupplier {

        public FilterSupplier() {
            super(FeiraFilters.class);
        }
    }
}
