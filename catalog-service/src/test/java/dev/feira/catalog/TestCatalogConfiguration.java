package dev.feira.catalog;

import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The market that the tests go to. */
@TestConfiguration(proxyBeanMethods = false)
public class TestCatalogConfiguration {

    /** Lazy: the port is known when the server runs. */
    @Bean
    @Lazy
    TestCatalog market(Environment environment, JdbcClient jdbc) {
        return new TestCatalog("http://localhost:" + environment.getRequiredProperty("local.server.port"), jdbc);
    }
}
