package dev.feira.order.config;

import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings under {@code feira.orders.placement}: the deadlines of {@code POST /orders}. {@link DeadlineCheck} compares them
 * with the time limits of the calls.
 *
 * @param gatewayTimeout the gateway's deadline for checkout requests, without {@code Prefer: wait}
 * @param timeout time from the request until an order must be stored; later, nothing is placed
 * @param minTransaction with less time left than this, no transaction starts
 * @param responseTimeout time in which the response of a placed order is recorded, once the wait is over
 */
@Validated
@ConfigurationProperties("feira.orders.placement")
public record PlacementProperties(
        @DefaultValue("5s") @NotNull @DurationMin(seconds = 1) @DurationMax(minutes = 1)
        Duration gatewayTimeout,

        @DefaultValue("4500ms") @NotNull Duration timeout,

        @DefaultValue("1s") @NotNull @DurationMin(seconds = 1)
        Duration minTransaction,

        @DefaultValue("2s") @NotNull @DurationMin(millis = 100) @DurationMax(seconds = 30)
        Duration responseTimeout) {

    @AssertTrue(message = "timeout must be shorter than gateway-timeout and not shorter than min-transaction") boolean isTimeoutInOrder() {
        return timeout.compareTo(gatewayTimeout) < 0 && timeout.compareTo(minTransaction) >= 0;
    }
}
