package dev.feira.order.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;

class SettingsTests {

    private static final String[] GOOD = {
        "feira.orders.client.secret=secret",
        "feira.orders.payments.url=http://localhost:8084",
        "feira.orders.payments.api-key=key",
        "feira.orders.payments.webhook-secret=a-secret-of-the-tests"
    };

    private final ApplicationContextRunner service = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class))
            .withUserConfiguration(Settings.class)
            .withPropertyValues(GOOD);

    @EnableConfigurationProperties({
        OrderProperties.class,
        SagaProperties.class,
        ClientProperties.class,
        PaymentProperties.class
    })
    static class Settings {}

    @Test
    void theDefaultsAreAccepted() {
        service.run(context -> assertThat(context).hasNotFailed());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "feira.orders.client.secret=",
                "feira.orders.payments.api-key=",
                "feira.orders.payments.webhook-secret=short",
                "feira.orders.max-total=0",
                "feira.orders.saga.concurrency=0",
                "feira.orders.saga.first-retry=1h"
            })
    void aSettingThatMakesNoSenseEndsTheStartAndIsNamed(String setting) {
        var name = setting.substring(0, setting.lastIndexOf('.'));
        service.withPropertyValues(setting)
                .run(context ->
                        assertThat(context).getFailure().rootCause().message().contains(name));
    }

    @Test
    void secretsAreNotInTheText() {
        service.run(context -> assertThat(
                        context.getBean(PaymentProperties.class) + " " + context.getBean(ClientProperties.class))
                .doesNotContain("secret-of", "key", "=secret"));
    }
}
