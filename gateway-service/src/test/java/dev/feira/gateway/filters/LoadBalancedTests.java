package dev.feira.gateway.filters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import dev.feira.gateway.routing.Instances;
import dev.feira.gateway.routing.UpstreamException;
import dev.feira.gateway.routing.UpstreamException.Kind;
import java.net.URI;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.gateway.server.mvc.common.MvcUtils;

class LoadBalancedTests {

    private final Instances instances = mock();
    private final LoadBalanced filter = new LoadBalanced(instances);

    LoadBalancedTests() {
        when(instances.choose(eq("catalog-service"), any()))
                .thenReturn(new DefaultServiceInstance("one", "catalog-service", "10.0.0.1", 8081, false));
    }

    @Test
    void sendsTheRequestToTheChosenInstance() throws Exception {
        var request = Requests.of("GET");

        filter.filter(request, sent -> {
            assertThat(MvcUtils.<URI>getAttribute(sent, MvcUtils.GATEWAY_REQUEST_URL_ATTR))
                    .isEqualTo(URI.create("http://10.0.0.1:8081"));
            return Requests.response(200);
        });

        verify(instances).responded("catalog-service", "10.0.0.1:8081");
    }

    @Test
    void leavesOutInstancesThatTheRequestHasTried() throws Exception {
        var request = Requests.of("GET");
        filter.filter(request, _ -> Requests.response(500));
        verify(instances).failed("catalog-service", "10.0.0.1:8081");

        filter.filter(request, _ -> Requests.response(200));

        verify(instances, times(2)).choose("catalog-service", Set.of("10.0.0.1:8081"));
    }

    @Test
    void recordsThatAnInstanceWasNotReached() {
        assertThatExceptionOfType(UpstreamException.class)
                .isThrownBy(() -> filter.filter(Requests.of("GET"), _ -> {
                    throw new UpstreamException(Kind.NOT_REACHED, null);
                }));

        verify(instances).notReached("catalog-service", "10.0.0.1:8081");
    }
}
