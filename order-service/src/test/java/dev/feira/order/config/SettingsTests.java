package dev.feira.order.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resilience4j.retry.RetryConfig;
import io.github.resilience4j.retry.RetryRegistry;
import io.github.resilience4j.timelimiter.TimeLimiterConfig;
import io.github.resilience4j.timelimiter.TimeLimiterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;

class SettingsTests {

    private static final String[] GOOD = {
        "feira.orders.client.secret=the-client-secret",
        "feira.orders.payments.url=http://localhost:8084",
        "feira.orders.payments.api-key=the-key-of-the-tests",
        "feira.orders.payments.webhook-secret=a-secret-of-the-tests"
    };

    private final ApplicationContextRunner service = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class))
            .withUserConfiguration(Settings.class)
            .withPropertyValues(GOOD);

    @EnableConfigurationProperties({
        OrderProperties.class,
        SagaProperties.class,
        PlacementProperties.class,
        ClientProperties.class,
        PaymentProperties.class
    })
    static class Settings {}

    @Test
    void acceptsDefaults() {
        service.run(context -> assertThat(context).hasNotFailed());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "feira.orders.client.secret=",
                "feira.orders.client.secret=fifteen-letters",
                "feira.orders.payments.api-key=",
                "feira.orders.payments.api-key=fifteen-letters",
                "feira.orders.payments.webhook-secret=short",
                "feira.orders.max-total=0",
                "feira.orders.max-wait=15s",
                "feira.orders.reread-interval=0ms",
                "feira.orders.keep-idempotency-keys=0s",
                "feira.orders.keep-idempotency-keys=23h",
                "feira.orders.keep-payment-events=1h",
                "feira.orders.audit-interval=0s",
                "feira.orders.audit-window=0s",
                "feira.orders.audit-wait=0s",
                "feira.orders.client.renew-interval=0s",
                "feira.orders.payments.webhook-tolerance=2h",
                "feira.orders.saga.poll-interval=0s",
                "feira.orders.saga.pending-payment-limit=15m",
                "feira.orders.saga.sweep-interval=-1s",
                "feira.orders.saga.overdue-after=0s",
                "feira.orders.saga.concurrency=0",
                "feira.orders.placement.min-transaction=0s",
                "feira.orders.placement.min-transaction=4501ms",
                "feira.orders.placement.response-timeout=0s",
                "feira.orders.placement.gateway-timeout=4s",
                "feira.orders.saga.first-retry=1h"
            })
    void rejectsInvalidSettingAndNamesIt(String setting) {
        var name = setting.substring(0, setting.lastIndexOf('.'));
        service.withPropertyValues(setting)
                .run(context ->
                        assertThat(context).getFailure().rootCause().message().contains(name));
    }

    @ParameterizedTest
    @CsvSource({"12s,3s,2s,true", "11999ms,3s,2s,false", "1s,3s,2s,false", "12s,1s,4s,true", "11999ms,1s,4s,false"})
    void rejectsLeaseWithoutMarginOverLongestStep(String lease, String payment, String reservation, boolean accepted) {
        var limits = TimeLimiterRegistry.ofDefaults(); // identity: 1 s
        limits.timeLimiter(
                "payments",
                TimeLimiterConfig.custom()
                        .timeoutDuration(DurationStyle.detectAndParse(payment))
                        .build());
        limits.timeLimiter(
                "catalog-reservations",
                TimeLimiterConfig.custom()
                        .timeoutDuration(DurationStyle.detectAndParse(reservation))
                        .build());
        service.withPropertyValues("feira.orders.saga.lease=" + lease)
                .withBean(TimeLimiterRegistry.class, () -> limits)
                .withBean(RetryRegistry.class, RetryRegistry::ofDefaults)
                .withBean(DeadlineCheck.class)
                .run(context -> {
                    if (accepted) {
                        assertThat(context).hasNotFailed();
                    } else {
                        assertThat(context).getFailure().rootCause().message().contains("feira.orders.saga.lease");
                    }
                });
    }

    @ParameterizedTest
    @CsvSource({"4500ms,3,true", "4s,3,false", "4500ms,4,false", "5s,3,false"})
    void rejectsPlacementTimeoutThatPricesOrTheGatewayExceed(String timeout, int attempts, boolean accepted) {
        var limits = TimeLimiterRegistry.ofDefaults(); // 1 s
        var retries = RetryRegistry.ofDefaults();
        retries.retry(
                "catalog-prices", RetryConfig.custom().maxAttempts(attempts).build());
        service.withPropertyValues("feira.orders.placement.timeout=" + timeout)
                .withBean(TimeLimiterRegistry.class, () -> limits)
                .withBean(RetryRegistry.class, () -> retries)
                .withBean(DeadlineCheck.class)
                .run(context -> {
                    if (accepted) {
                        assertThat(context).hasNotFailed();
                    } else {
                        assertThat(context).getFailure().rootCause().message().contains("feira.orders.placement");
                    }
                });
    }

    @Test
    void omitsSecretsFromToString() {
        service.run(context -> assertThat(
                        context.getBean(PaymentProperties.class) + " " + context.getBean(ClientProperties.class))
                .doesNotContain("secret-of", "key", "the-client"));
    }
}
