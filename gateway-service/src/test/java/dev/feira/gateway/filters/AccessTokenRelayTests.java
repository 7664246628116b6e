package dev.feira.gateway.filters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.feira.gateway.login.AccessTokens;
import dev.feira.gateway.problem.GatewayProblem;
import dev.feira.gateway.problem.ProblemException;
import org.junit.jupiter.api.Test;

class AccessTokenRelayTests {

    private final AccessTokens tokens = mock();
    private final AccessTokenRelay relay = new AccessTokenRelay(tokens);

    AccessTokenRelayTests() {
        when(tokens.of(any())).thenThrow(new ProblemException(GatewayProblem.DATABASE_UNAVAILABLE));
    }

    @Test
    void forwardsRequestWhenTheOptionalTokenIsUnavailable() throws Exception {
        var response = relay.filter(AccessTokenRelay.Mode.OPTIONAL, Requests.of("GET"), _ -> Requests.response(200));

        assertThat(response.statusCode().value()).isEqualTo(200);
    }

    @Test
    void returns503WhenTheRequiredTokenIsUnavailable() {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() ->
                        relay.filter(AccessTokenRelay.Mode.REQUIRED, Requests.of("GET"), _ -> Requests.response(200)));
    }
}
