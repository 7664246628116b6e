package dev.feira.order.saga;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.order.fixtures.Replica;
import dev.feira.order.fixtures.TestEnvironment;
import dev.feira.order.saga.StepListener.Point;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;

/**
 * Ends the thread of a step at each point of each step, without any cleanup: the order must end as without the crash.
 * {@link SagaKillTests} kills the process.
 */
class SagaCrashTests {

    private static final Logger log = LoggerFactory.getLogger(SagaCrashTests.class);

    private static TestEnvironment environment;
    private static Replica shop;

    /** Throws once, at the chosen point. */
    static final class Crash implements StepListener {

        volatile Point point = Point.CLAIMED;
        volatile SagaStep step = SagaStep.RESERVE_STOCK;
        final AtomicInteger left = new AtomicInteger();

        @Override
        public void reached(Point reached, Claim claim) {
            if (reached == point && claim.step() == step && left.getAndDecrement() > 0) {
                throw new SimulatedCrash();
            }
        }
    }

    /** An error, which the service does not catch. */
    static final class SimulatedCrash extends Error {
        SimulatedCrash() {
            super("simulated crash", null, false, false);
        }
    }

    /** Not a {@code @Configuration}: other tests would scan it. */
    static class Crashes {
        @Bean
        Crash crash() {
            return new Crash();
        }
    }

    @BeforeAll
    static void open() {
        Awaitility.doNotCatchUncaughtExceptionsByDefault(); // the simulated crash is one
        environment = new TestEnvironment();
        shop = environment.start(List.of(Crashes.class));
        Thread.setDefaultUncaughtExceptionHandler((thread, error) -> {
            if (!(error instanceof SimulatedCrash)) {
                log.error("Thread {} ended with an error", thread.getName(), error);
            }
        });
    }

    @AfterAll
    static void close() {
        Thread.setDefaultUncaughtExceptionHandler(null);
        Awaitility.reset();
        environment.close();
    }

    static Stream<Arguments> allPointsOfAllSteps() {
        return Arrays.stream(SagaStep.values())
                .flatMap(step -> Arrays.stream(Point.values()).map(point -> Arguments.of(step, point)));
    }

    @ParameterizedTest
    @MethodSource("allPointsOfAllSteps")
    void completesOrderAfterCrash(SagaStep step, Point point) {
        var crash = shop.bean(Crash.class);
        crash.step = step;
        crash.point = point;
        crash.left.set(1);
        var scenario = StepScenario.of(step, point.name(), environment);
        var order = scenario.place(shop);
        scenario.reachStep(shop, order);
        scenario.assertEnd(shop, order);
        assertThat(crash.left.get()).as("the crash happened").isLessThan(1);
    }
}
