package dev.feira.events.inbox;

import dev.feira.defaults.FeiraProperties;
import dev.feira.defaults.audit.AuditRunner;
import dev.feira.defaults.database.DatabaseMigration;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.client.RestClient;
import tools.jackson.databind.json.JsonMapper;

/** Reads the feeds for which a service has an {@link EventHandler}, over HTTP or from Kafka. */
@AutoConfiguration(
        afterName = {
            "dev.feira.defaults.database.DatabaseMigrationAutoConfiguration",
            "org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration",
            "org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration"
        })
@ConditionalOnBean(EventHandler.class)
@EnableConfigurationProperties(InboxProperties.class)
@Import(ParkedEventController.class)
class InboxAutoConfiguration {

    private static final String KAFKA_CLIENT = "org.apache.kafka.clients.consumer.KafkaConsumer";

    @Bean
    Inbox inbox(JdbcClient jdbc, JsonMapper json) {
        return new Inbox(jdbc, json);
    }

    @Bean
    EventReceiver eventReceiver(
            Inbox inbox,
            ObjectProvider<EventHandler> handlers,
            PlatformTransactionManager transactions,
            ObservationRegistry observations,
            InboxProperties settings) {
        return new EventReceiver(
                inbox,
                handlers.orderedStream().toList(),
                new TransactionTemplate(transactions),
                observations,
                settings);
    }

    @Bean
    ReceivedEventsRetention receivedEventsRetention(
            Inbox inbox, DatabaseMigration migration, InboxProperties settings, Clock clock) {
        return new ReceivedEventsRetention(inbox, migration, settings, clock);
    }

    @Bean
    FeedClient feedClient(RestClient.Builder http, FeiraProperties feira, InboxProperties settings) {
        return new FeedClient(http, feira.identity(), settings);
    }

    /** Excluded from injection by type, like its runner: it must not replace the service's own audit. */
    @Bean(defaultCandidate = false)
    FeedAudit feedAudit(FeedClient client, Inbox inbox, EventReceiver receiver, InboxProperties settings, Clock clock) {
        return new FeedAudit(client, inbox, receiver, settings, clock);
    }

    @Bean(defaultCandidate = false)
    AuditRunner feedAuditRunner(
            @Qualifier("feedAudit") FeedAudit audit, DatabaseMigration migration, MeterRegistry meters) {
        return new AuditRunner(audit, migration, meters);
    }

    @Bean
    FeedReader feedReader(
            FeedClient client,
            Inbox inbox,
            EventReceiver receiver,
            DatabaseMigration migration,
            InboxProperties settings,
            Clock clock,
            MeterRegistry meters) {
        return new FeedReader(client, inbox, receiver, migration, settings, clock, meters);
    }

    /** Kafka, where a broker is set; its client is an optional dependency. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnExpression("!'${feira.inbox.kafka.bootstrap-servers:}'.isEmpty()")
    @ConditionalOnClass(name = KAFKA_CLIENT)
    static class Kafka {

        @Bean
        KafkaReader kafkaReader(
                Inbox inbox,
                EventReceiver receiver,
                DatabaseMigration migration,
                InboxProperties settings,
                Clock clock,
                MeterRegistry meters,
                JsonMapper json,
                @Value("${spring.application.name}") String service) {
            return new KafkaReader(
                    new KafkaConsumers(settings, service),
                    new KafkaEvents(json),
                    inbox,
                    receiver,
                    migration,
                    settings,
                    clock,
                    meters);
        }
    }

    /** Ends the start: the service would read nothing. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnExpression("!'${feira.inbox.kafka.bootstrap-servers:}'.isEmpty()")
    @ConditionalOnMissingClass(KAFKA_CLIENT)
    static class KafkaWithoutClient {

        KafkaWithoutClient() {
            throw new IllegalStateException(
                    "feira.inbox.kafka.bootstrap-servers is set, but this service has no Kafka client: "
                            + "add org.apache.kafka:kafka-clients to its dependencies, or leave the setting empty");
        }
    }
}
