package dev.feira.notification;

import dev.feira.events.inbox.EventHandler;
import java.util.List;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Provides the client of the tests. */
@TestConfiguration(proxyBeanMethods = false)
public class TestMailConfiguration {

    /** Lazy, because the port is known after the server has started. */
    @Bean
    @Lazy
    TestMail testMail(
            Environment environment,
            JdbcClient jdbc,
            List<EventHandler> handlers,
            PlatformTransactionManager transactions) {
        return new TestMail(
                "http://localhost:" + environment.getRequiredProperty("local.server.port"),
                jdbc,
                handlers,
                new TransactionTemplate(transactions));
    }
}
