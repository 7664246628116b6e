package dev.feira.gateway.filters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.feira.gateway.problem.ProblemException;
import java.lang.reflect.Method;
import org.junit.jupiter.api.Test;

class FeiraFiltersTests {

    @Test
    void registersEachFilterByName() {
        assertThat(new FeiraFilters.FilterSupplier().get())
                .extracting(Method::getName)
                .contains("accessToken", "deadline", "loadBalanced", "retryOnAnotherInstance", "trafficClass");
    }

    @Test
    void returns404ForARouteThatIsNotEnabled() {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> FeiraFilters.enabledIf(false).filter(Requests.of("GET"), _ -> Requests.response(200)))
                .satisfies(e -> assertThat(e.problem().kind()).isEqualTo("not-found"));
    }
}
