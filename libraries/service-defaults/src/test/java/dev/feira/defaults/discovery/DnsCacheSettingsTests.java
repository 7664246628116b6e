package dev.feira.defaults.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.test.PostgresConfiguration;
import dev.feira.test.TestIdentity;
import java.security.Security;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ContextConfiguration;

/** Checks the settings; the acceptance tests check their effect during faults. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@Import(PostgresConfiguration.class)
@ContextConfiguration(initializers = TestIdentity.class)
class DnsCacheSettingsTests {

    @Test
    void shortensTheDnsCacheOfTheJdk() {
        assertThat(Security.getProperty("networkaddress.cache.ttl")).isEqualTo("5");
        assertThat(Security.getProperty("networkaddress.cache.negative.ttl")).isEqualTo("1");
    }
}
