package dev.feira.order.saga;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.order.fixtures.OrderClient;
import dev.feira.order.fixtures.ReplicaProcess;
import dev.feira.order.fixtures.TestEnvironment;
import dev.feira.order.saga.StepListener.Point;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Kills order-service at a point of each step and starts it again: the order must end as without the crash. Tests one point
 * of each step, or all points with {@code -Dfeira.crash-points=all}.
 */
class SagaKillTests {

    private static TestEnvironment environment;
    private static ReplicaProcess shop;

    @BeforeAll
    static void open() {
        environment = new TestEnvironment();
        shop = start();
    }

    @AfterAll
    static void close() {
        environment.close();
    }

    private static ReplicaProcess start() {
        return environment.startProcess(KillableOrderService.class);
    }

    static Stream<Arguments> points() {
        var points = Point.values();
        var all = System.getProperty("feira.crash-points", "").equals("all");
        return Arrays.stream(SagaStep.values())
                .flatMap(step -> Arrays.stream(points)
                        .filter(point -> all || point.ordinal() == step.ordinal() % points.length)
                        .map(point -> Arguments.of(step, point)));
    }

    @ParameterizedTest
    @MethodSource("points")
    void completesOrderAfterCrash(SagaStep step, Point point) throws InterruptedException {
        var scenario = StepScenario.of(step, point.name(), environment);
        shop.send(step + " " + point);
        var reached = placed(scenario, shop);
        assertThat(shop.awaitExit()).isEqualTo(KillableOrderService.KILLED);

        shop = start();
        var order = scenario.place(shop);
        if (!reached) {
            scenario.reachStep(shop, order);
        }
        scenario.assertEnd(shop, order);
    }

    /** Returns whether all requests of the scenario were sent before the crash. */
    private static boolean placed(StepScenario scenario, OrderClient service) {
        UUID order;
        try {
            order = scenario.place(service);
        } catch (UncheckedIOException e) {
            return false;
        }
        try {
            scenario.reachStep(service, order);
        } catch (UncheckedIOException e) {
            // the crash was in this last request
        }
        return true;
    }
}
