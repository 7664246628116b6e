package dev.feira.events.outbox;

import dev.feira.defaults.database.DatabaseMigration;
import dev.feira.defaults.tracing.TraceContinuation;
import java.time.Clock;
import javax.sql.DataSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Gives a service that names its feed, by {@code feira.outbox.feed}, an outbox. */
@AutoConfiguration(
        afterName = {
            "dev.feira.defaults.database.DatabaseMigrationAutoConfiguration",
            "org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration"
        })
@ConditionalOnProperty("feira.outbox.feed")
@EnableConfigurationProperties(OutboxProperties.class)
@Import(FeedController.class)
class OutboxAutoConfiguration {

    @Bean
    Outbox outbox(JdbcClient jdbc, JsonMapper json, TraceContinuation traces) {
        return new Outbox(jdbc, json, traces);
    }

    @Bean
    OutboxSignal outboxSignal(DataSource database) {
        return new OutboxSignal(database);
    }

    @Bean
    Feed feed(
            JdbcClient jdbc,
            JsonMapper json,
            OutboxSignal signal,
            PlatformTransactionManager transactions,
            OutboxProperties settings) {
        var feed = new Feed(jdbc, json, signal, new TransactionTemplate(transactions), settings);
        signal.afterConnecting(feed::run);
        return feed;
    }

    @Bean
    OutboxRetention outboxRetention(Feed feed, DatabaseMigration migration, Clock clock) {
        return new OutboxRetention(feed, migration, clock);
    }
}
