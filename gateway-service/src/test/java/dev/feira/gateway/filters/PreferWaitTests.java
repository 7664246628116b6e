package dev.feira.gateway.filters;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockHttpServletRequest;

class PreferWaitTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "wait=2|2",
                "respond-async, wait=7|7",
                "return=minimal; wait=3|3",
                "WAIT = \"4\"|4",
                "wait=60|10",
                "wait=99999999999|10",
                "wait=-1|0",
                "wait|0",
                "nowait=5|0",
                "return=minimal|0",
            })
    void parsesWaitOfRfc7240UpToTheLimit(String header, long seconds) {
        var request = new MockHttpServletRequest();
        request.addHeader("Prefer", header);

        assertThat(PreferWait.parse(request, Duration.ofSeconds(10))).isEqualTo(Duration.ofSeconds(seconds));
    }
}
