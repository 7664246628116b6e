package dev.feira.gateway.routing;

import dev.feira.gateway.login.AccessTokens;
import dev.feira.gateway.problem.ProblemWriter;
import dev.feira.gateway.problem.GatewayProblem;
import dev.feira.gateway.problem.ProblemException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.HandlerFunction;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * Carries a request to an instance of a service and the answer back. In this order: the body is read, the caller's
 * token is found, a place in the class of traffic is taken, the route's breaker is asked, and instances are tried until
 * one answers: a safe request (GET, HEAD) on up to three instances, any other on another instance only where the first
 * was not reached and so cannot have done anything (RFC 9110, section 9.2.2). All of it ends at one deadline.
 */
@Component
class Forwarding {

    private static final Logger log = LoggerFactory.getLogger(Forwarding.class);

    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

    /** The class of traffic that people who only wait are counted in. */
    private static final String WAITING = "waiting";

    /** What is left must be worth a try. */
    private static final Duration WORTH_A_TRY = Duration.ofMillis(50);

    private final ForwardingProperties settings;
    private final RequestBodies bodies;
    private final MessageHeaders messageHeaders;
    private final AccessTokens tokens;
    private final WaitingCallers waitingCallers;
    private final Budgets budgets;
    private final CircuitBreakerRegistry breakers;
    private final Instances instances;
    private final UpstreamClient upstream;
    private final PublicOperations operations;
    private final ProblemWriter problems;
    private final MeterRegistry metrics;

    Forwarding(
            ForwardingProperties settings,
            RequestBodies bodies,
            MessageHeaders messageHeaders,
            AccessTokens tokens,
            WaitingCallers waitingCallers,
            Budgets budgets,
            CircuitBreakerRegistry breakers,
            Instances instances,
            UpstreamClient upstream,
            PublicOperations operations,
            ProblemWriter problems,
            MeterRegistry metrics) {
        this.settings = settings;
        this.bodies = bodies;
        this.messageHeaders = messageHeaders;
        this.tokens = tokens;
        this.waitingCallers = waitingCallers;
        this.budgets = budgets;
        this.breakers = breakers;
        this.instances = instances;
        this.upstream = upstream;
        this.operations = operations;
        this.problems = problems;
        this.metrics = metrics;
    }

    /** Returns what handles the requests of one route. */
    HandlerFunction<ServerResponse> to(RouteTarget target) {
        if (!target.enabled()) {
            return _ -> new FailureResponse(GatewayProblem.notFound(), problems);
        }
        var route = new Route(
                target,
                budgets.of(target.traffic()),
                target.waits() ? budgets.of(WAITING) : budgets.of(target.traffic()),
                breakers.circuitBreaker(target.id()),
                new RetryAllowance(settings.retryShare(), settings.retryReserve()));
        return request -> {
            try {
                return route.forward(request);
            } catch (ProblemException refused) {
                return new FailureResponse(refused.failure(), problems);
            }
        };
    }

    /** One route with what it remembers. */
    private final class Route {

        private final RouteTarget target;
        private final Budgets.Budget budget;
        private final Budgets.Budget waiting;
        private final CircuitBreaker breaker;
        private final RetryAllowance retries;

        Route(
                RouteTarget target,
                Budgets.Budget budget,
                Budgets.Budget waiting,
                CircuitBreaker breaker,
                RetryAllowance retries) {
            this.target = target;
            this.budget = budget;
            this.waiting = waiting;
            this.breaker = breaker;
            this.retries = retries;
        }

        ServerResponse forward(ServerRequest request) {
            var servlet = request.servletRequest();
            var pathAndQuery = pathAndQuery(request);
            var body = bodies.read(servlet);
            // before the deadline begins: finding the token has a limit of its own, and takes none of the service's
            // time
            var headers = messageHeaders.toService(servlet, target, token(servlet));
            var wait = target.waits() ? PreferWait.of(servlet, settings.longestWait()) : Duration.ZERO;
            if (wait.isZero()) {
                return forward(servlet, pathAndQuery, headers, body, wait);
            }
            var entered = waitingCallers.enter(servlet);
            if (entered.isEmpty()) {
                headers.remove("Prefer");
                return forward(servlet, pathAndQuery, headers, body, Duration.ZERO);
            }
            try (var _ = entered.get()) {
                return forward(servlet, pathAndQuery, headers, body, wait);
            }
        }

        private ServerResponse forward(
                HttpServletRequest request, String pathAndQuery, HttpHeaders headers, byte[] body, Duration wait) {
            // who only watches an order must not take the place of somebody who places one
            var traffic = !wait.isZero() && isSafe(request) ? waiting : budget;
            var deadline = Deadline.in(traffic.deadline().plus(wait));
            var patience = traffic.attempt().plus(wait); // an instance that waits as it was asked to is not a slow one
            var place = traffic.enter();
            var answered = false;
            try {
                var answer = visible(guarded(request.getMethod(), pathAndQuery, headers, body, patience, deadline));
                var response = new ForwardedResponse(answer, messageHeaders.toClient(answer.headers(), target), place);
                answered = true;
                return response;
            } finally {
                if (!answered) {
                    place.close();
                }
            }
        }

        private UpstreamClient.Answer visible(UpstreamClient.Answer answer) {
            if (!target.openApi() || answer.status() != 200) {
                return answer;
            }
            var document =
                    answer.rest() == null ? operations.of(target.service(), answer.begin()) : Optional.<byte[]>empty();
            if (document.isEmpty()) {
                answer.close();
                throw new ProblemException(GatewayProblem.unavailable(
                        "The API's description cannot be read at the moment.", Duration.ofSeconds(2)));
            }
            return answer.withBody(document.get());
        }

        private Optional<String> token(HttpServletRequest request) {
            return switch (target.credentials()) {
                case TOKEN -> tokens.of(request, budget.deadline());
                case OPTIONAL_TOKEN -> {
                    try {
                        yield tokens.of(request, budget.deadline());
                    } catch (ProblemException unavailable) {
                        yield Optional.empty(); // the shelves can be seen without a session
                    }
                }
                case OWN, NONE -> Optional.empty();
            };
        }

        private UpstreamClient.Answer guarded(
                String method,
                String pathAndQuery,
                HttpHeaders headers,
                byte[] body,
                Duration patience,
                Deadline deadline) {
            if (!breaker.tryAcquirePermission()) {
                throw new ProblemException(GatewayProblem.unavailable(
                        "This part of the market does not answer at the moment. Please try again.",
                        Duration.ofSeconds(2)));
            }
            var start = System.nanoTime();
            try {
                var answer = attempts(method, pathAndQuery, headers, body, patience, deadline);
                if (isFailure(answer.status())) {
                    breaker.onError(System.nanoTime() - start, TimeUnit.NANOSECONDS, new IOException("status"));
                } else {
                    breaker.onSuccess(System.nanoTime() - start, TimeUnit.NANOSECONDS);
                }
                return answer;
            } catch (UpstreamClient.NoConnection e) {
                breaker.releasePermission(); // the gateway's own limit, not the service's failure
                throw new ProblemException(GatewayProblem.unavailable(
                        "Too many people ask for this at the moment. Please try again.", Duration.ofSeconds(1)));
            } catch (IOException e) {
                breaker.onError(System.nanoTime() - start, TimeUnit.NANOSECONDS, e);
                throw new ProblemException(failure(method, e));
            } catch (RuntimeException e) {
                breaker.releasePermission();
                throw e;
            }
        }

        private UpstreamClient.Answer attempts(
                String method,
                String pathAndQuery,
                HttpHeaders headers,
                byte[] body,
                Duration patience,
                Deadline deadline)
                throws IOException {
            retries.earn();
            var asked = new HashSet<String>();
            IOException last = new UpstreamClient.NotReached(new IOException("no instance of " + target.service()));
            for (var attempt = 1; attempt <= settings.attempts(); attempt++) {
                var chosen = instances.choose(target.service(), asked);
                if (chosen.isEmpty()) {
                    break;
                }
                var instance = chosen.get();
                var key = Instances.key(instance);
                asked.add(key);
                var more = attempt < settings.attempts() && instances.anotherThan(target.service(), asked);
                var limit =
                        more && isSafe(method) && retries.isLeft() ? shorter(patience, deadline) : deadline.remaining();
                try {
                    var answer = upstream.send(method, url(instance, pathAndQuery), headers, body, limit);
                    if (isFailure(answer.status())) {
                        instances.failed(target.service(), key);
                    } else {
                        instances.answered(target.service(), key);
                    }
                    if (!(more && isSafe(method) && anotherMayDoBetter(answer) && mayRetry(deadline))) {
                        return answer;
                    }
                    answer.close();
                } catch (UpstreamClient.NoConnection e) {
                    throw e;
                } catch (UpstreamClient.NotReached e) {
                    instances.notReached(target.service(), key);
                    last = e;
                    if (!(more && mayRetry(deadline))) {
                        break;
                    }
                } catch (IOException e) {
                    instances.failed(target.service(), key);
                    last = e;
                    if (!(more && isSafe(method) && mayRetry(deadline))) {
                        break;
                    }
                }
                metrics.counter("feira.gateway.retries", "route", target.id()).increment();
            }
            log.warn("{} {}: {} did not answer: {}", method, target.id(), target.service(), last.toString());
            throw last;
        }

        /** None while the breaker is open, none beyond the share of the traffic, none too late. */
        private boolean mayRetry(Deadline deadline) {
            return switch (breaker.getState()) {
                case OPEN, FORCED_OPEN, HALF_OPEN -> false;
                default -> deadline.remaining().compareTo(WORTH_A_TRY) > 0 && retries.spend();
            };
        }

        private GatewayProblem failure(String method, IOException e) {
            if (e instanceof UpstreamClient.TooLate) {
                return new GatewayProblem(
                        HttpStatus.GATEWAY_TIMEOUT,
                        "gateway-timeout",
                        isSafe(method)
                                ? "The answer took too long. Please try again."
                                : "The answer took too long; what you asked for may still happen. Repeat it with the"
                                        + " same Idempotency-Key to learn its outcome.",
                        Duration.ofSeconds(1));
            }
            return GatewayProblem.unavailable(
                    "This part of the market does not answer at the moment. Please try again.", Duration.ofSeconds(1));
        }
    }

    /** The path as it came, after the route's filters, and the query untouched. */
    private static String pathAndQuery(ServerRequest request) {
        var query = request.servletRequest().getQueryString();
        try {
            var path = request.uri().getRawPath();
            return URI.create(query == null ? path : path + "?" + query).toString();
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new ProblemException(GatewayProblem.invalid("The address is not a valid URL."));
        }
    }

    private static URI url(ServiceInstance instance, String pathAndQuery) {
        var host = instance.getHost();
        var literal = host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
        return URI.create(
                (instance.isSecure() ? "https://" : "http://") + literal + ":" + instance.getPort() + pathAndQuery);
    }

    /** Statuses that speak of a broken instance. A 503 speaks for itself: the service is alive and sheds load. */
    private static boolean isFailure(int status) {
        return status == 500 || status == 502 || status == 504;
    }

    /** With {@code Retry-After} the service asks for patience, and its twin would say the same. */
    private static boolean anotherMayDoBetter(UpstreamClient.Answer answer) {
        return isFailure(answer.status())
                || (answer.status() == 503 && answer.headers().getFirst(HttpHeaders.RETRY_AFTER) == null);
    }

    private static boolean isSafe(HttpServletRequest request) {
        return isSafe(request.getMethod());
    }

    private static boolean isSafe(String method) {
        return SAFE.contains(method);
    }

    private static Duration shorter(Duration attempt, Deadline deadline) {
        var remaining = deadline.remaining();
        return attempt.compareTo(remaining) < 0 ? attempt : remaining;
    }
}
