package dev.feira.payment.notification;

import dev.feira.defaults.database.DatabaseMigration;
import dev.feira.payment.config.PaymentProperties;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.dao.DataAccessException;
import org.springframework.http.MediaType;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/** Posts the events to the shop and retries until it returns 2xx. */
@Component
class WebhookDelivery {

    private static final Logger log = LoggerFactory.getLogger(WebhookDelivery.class);

    /** Concurrent deliveries of one replica, which limits the threads that a hung shop blocks. */
    private static final int MAX_CONCURRENT = 16;

    private final DatabaseMigration migration;
    private final Webhooks webhooks;
    private final PaymentProperties.Webhook settings;
    private final RestClient http;
    private final Clock clock;

    WebhookDelivery(
            DatabaseMigration migration,
            Webhooks webhooks,
            PaymentProperties settings,
            RestClient.Builder http,
            Clock clock) {
        this.migration = migration;
        this.webhooks = webhooks;
        this.settings = settings.webhook();
        this.http = http.requestFactory(ClientHttpRequestFactoryBuilder.jdk()
                        .build(HttpClientSettings.defaults()
                                .withConnectTimeout(this.settings.connectTimeout())
                                .withReadTimeout(this.settings.readTimeout())
                                .withRedirects(HttpRedirects.DONT_FOLLOW)))
                .build();
        this.clock = clock;
    }

    @Scheduled(fixedDelayString = "${feira.payments.webhook.poll-interval:250ms}")
    void deliverDue() {
        if (!migration.isDone()) {
            return;
        }
        try {
            var due = webhooks.claimDue(MAX_CONCURRENT, clock.instant());
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                due.forEach(delivery -> threads.submit(() -> deliver(delivery)));
            }
        } catch (DataAccessException | TransactionException e) {
            log.warn("Events were not delivered; the next run tries again: {}", e.getMessage());
        }
    }

    private void deliver(Webhooks.Delivery delivery) {
        try {
            var status = http.post()
                    .uri(settings.url())
                    .contentType(MediaType.APPLICATION_JSON)
                    .header(Signature.HEADER, Signature.of(delivery.body(), settings.secret(), clock.instant()))
                    .body(delivery.body())
                    .retrieve()
                    .toBodilessEntity()
                    .getStatusCode();
            if (status.is2xxSuccessful()) {
                webhooks.delivered(delivery, clock.instant());
            } else {
                retryLater(delivery, "status " + status);
            }
        } catch (DataAccessException | TransactionException e) {
            // delivered again in any case; the shop recognizes duplicates by the event id
            log.warn("The delivery of event {} was not recorded: {}", delivery.eventId(), e.getMessage());
        } catch (RestClientException e) {
            retryLater(delivery, e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
        }
    }

    private void retryLater(Webhooks.Delivery delivery, String error) {
        log.info("Event {} was not accepted (attempt {}): {}", delivery.eventId(), delivery.attempts(), error);
        webhooks.failed(delivery, error, clock.instant());
    }
}
