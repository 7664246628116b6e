package dev.feira.gateway.filters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.feira.gateway.problem.ProblemException;
import dev.feira.gateway.routing.UpstreamException;
import dev.feira.gateway.routing.UpstreamException.Kind;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DeadlineTests {

    @Test
    void returns504WhenTheExchangeTakesLonger() {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> Deadline.filter(Duration.ofMillis(20), Requests.of("GET"), _ -> {
                    new CountDownLatch(1).await(); // until it is interrupted
                    return Requests.response(200);
                }))
                .satisfies(e -> assertThat(e.problem().kind()).isEqualTo("gateway-timeout"));
        assertThat(Thread.interrupted()).as("no interrupt is left behind").isFalse();
    }

    @Test
    void returnsResponseInTime() throws Exception {
        var response = Deadline.filter(Duration.ofSeconds(20), Requests.of("GET"), request -> {
            assertThat(Deadline.remaining(request)).isPositive().isLessThanOrEqualTo(Duration.ofSeconds(20));
            return Requests.response(200);
        });

        assertThat(response.statusCode().value()).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource(names = {"NOT_REACHED", "BROKEN", "NO_CONNECTION"})
    void returns503WhenTheServiceGivesNoResponse(Kind kind) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> Deadline.filter(Duration.ofSeconds(20), Requests.of("POST"), _ -> {
                    throw new UpstreamException(kind, null);
                }))
                .satisfies(e -> assertThat(e.problem().kind()).isEqualTo("service-unavailable"));
    }
}
