package dev.feira.order.saga;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feira.order.fixtures.Replica;
import dev.feira.order.fixtures.Surroundings;
import dev.feira.order.saga.StepListener.Point;
import dev.feira.test.TestIdentity;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The thread that does a step dies at each point of each step, as it would with its process: nothing more is done,
 * nothing is cleaned up. The order ends as if nothing had happened. A step that is added has no scenario here, and this
 * does not compile.
 */
class SagaCrashTests {

    private static Surroundings around;
    private static Replica shop;

    /** Dies once, at the chosen point. */
    static final class Crash implements StepListener {

        volatile Point point = Point.CLAIMED;
        volatile SagaStep step = SagaStep.RESERVE_STOCK;
        final AtomicInteger left = new AtomicInteger();

        @Override
        public void reached(Point reached, Claim claim) {
            if (reached == point && claim.step() == step && left.getAndDecrement() > 0) {
                throw new Death();
            }
        }
    }

    /** Not an exception: nothing in the service catches it. */
    static final class Death extends Error {
        Death() {
            super("the process was killed", null, false, false);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Crashes {
        @Bean
        Crash crash() {
            return new Crash();
        }
    }

    @BeforeAll
    static void open() {
        Awaitility.doNotCatchUncaughtExceptionsByDefault(); // a death is one
        around = new Surroundings();
        shop = around.start(List.of(Crashes.class));
        Thread.setDefaultUncaughtExceptionHandler((thread, death) -> {
            if (!(death instanceof Death)) {
                death.printStackTrace();
            }
        });
    }

    @AfterAll
    static void close() {
        Thread.setDefaultUncaughtExceptionHandler(null);
        Awaitility.reset();
        around.close();
    }

    static Stream<Arguments> everyPointOfEveryStep() {
        return Arrays.stream(SagaStep.values())
                .flatMap(step -> Arrays.stream(Point.values()).map(point -> Arguments.of(step, point)));
    }

    @ParameterizedTest
    @MethodSource("everyPointOfEveryStep")
    void anOrderEndsAsIfNothingHadHappened(SagaStep step, Point point) {
        var crash = shop.bean(Crash.class);
        crash.step = step;
        crash.point = point;
        crash.left.set(1);
        var sku = step.name().replace('_', '-') + "-" + point;
        around.catalog.sells(sku, "1.00", 5);
        switch (step) {
            case RESERVE_STOCK, CHARGE_PAYMENT, CONFIRM_STOCK -> {
                var id = shop.placed("ana", sku, 1, "tok_good");
                ends(id, "CONFIRMED", sku, 4, "1.00");
            }
            case AWAIT_PAYMENT -> {
                var id = shop.placed("ana", sku, 1, "tok_later");
                await().until(() -> around.payments.chargeId(id) != null);
                around.payments.settles(id, true);
                ends(id, "CONFIRMED", sku, 4, "1.00");
            }
            case RELEASE_STOCK -> {
                var id = shop.placed("ana", sku, 1, "tok_declines");
                ends(id, "REJECTED", sku, 5, "0.00");
            }
            case STOP_PAYMENT -> {
                var id = shop.placed("ana", sku, 1, "tok_later");
                await().until(() -> shop.order(id)
                        .json()
                        .path("payment")
                        .path("status")
                        .asString()
                        .equals("PENDING"));
                shop.cancel(id, "ana");
                ends(id, "CANCELLED", sku, 5, "0.00");
            }
            case REFUND_PAYMENT, RETURN_STOCK -> {
                var id = shop.place("ana", sku, 1, "tok_good", "Prefer", "wait=10")
                        .id();
                shop.cancel(id, "ana");
                ends(id, "CANCELLED", sku, 5, "0.00");
            }
        }
        assertThat(crash.left.get()).as("the crash happened").isLessThan(1);
    }

    private static void ends(UUID id, String status, String sku, int available, String kept) {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            assertThat(shop.order(id).text("status")).isEqualTo(status);
            assertThat(around.catalog.available(sku)).isEqualTo(available);
            assertThat(around.payments.kept(id)).isEqualByComparingTo(kept);
            var report =
                    shop.get("/audit", TestIdentity.token("staff", "staff")).json();
            assertThat(report.get("underWay").asInt()).isZero();
            assertThat(report.get("balanced").asBoolean()).as(report.toString()).isTrue();
        });
        // each thing happened once, however often it was done
        var timeline = shop.order(id).json().path("timeline").findValuesAsString("type");
        assertThat(timeline).doesNotHaveDuplicates();
    }
}
