package dev.feira.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.feira.gateway.problem.ProblemException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.http.HttpStatus;
import org.springframework.mock.web.MockHttpServletRequest;

class RequestBodyFilterTests {

    private static final byte[] BODY = {'{', '}'};

    private static byte[] read(String time) {
        var settings = new Binder(
                        new MapConfigurationPropertySource(Map.of("feira.gateway.forwarding.request-time", time)))
                .bind("feira.gateway.forwarding", ForwardingProperties.class)
                .get();
        var request = new MockHttpServletRequest("POST", "/api/orders");
        request.setContent(BODY);
        return new RequestBodyFilter(settings).read(request);
    }

    @Test
    void readsBodyThatArrivesInTime() {
        assertThat(read("10s")).isEqualTo(BODY);
    }

    @Test
    void returns408WhenTheBodyArrivesTooSlowly() {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> read("0s"))
                .satisfies(rejected -> assertThat(rejected.problem().status()).isEqualTo(HttpStatus.REQUEST_TIMEOUT));
    }
}
