package dev.feira.catalog;

import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Provides the client of the tests. */
@TestConfiguration(proxyBeanMethods = false)
public class TestCatalogConfiguration {

    /** Lazy, because the port is known after the server has started. */
    @Bean
    @Lazy
    TestCatalog catalog(Environment environment, JdbcClient jdbc) {
        return new TestCatalog("http://localhost:" + environment.getRequiredProperty("local.server.port"), jdbc);
    }
}
