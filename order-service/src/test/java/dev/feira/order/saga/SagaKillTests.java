package dev.feira.order.saga;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feira.order.fixtures.OrderClient;
import dev.feira.order.fixtures.ReplicaProcess;
import dev.feira.order.fixtures.Surroundings;
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
 * order-service is killed at the points of each step, and started again: the order ends as if nothing had happened. One
 * point of each step; with {@code -Dfeira.crash-points=all} every point of every step.
 */
class SagaKillTests {

    private static Surroundings around;
    private static ReplicaProcess shop;

    @BeforeAll
    static void open() {
        around = new Surroundings();
        shop = start();
    }

    @AfterAll
    static void close() {
        around.close();
    }

    private static ReplicaProcess start() {
        return around.startProcess(KillableOrderService.class);
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
        var scenario = StepScenario.of(step, point.name(), around);
        shop.notifyWaiters(step + " " + point);
        var wentOn = placed(scenario, shop);
        assertThat(shop.awaitExit()).isEqualTo(KillableOrderService.KILLED);

        shop = start();
        var order = scenario.place(shop);
        if (!wentOn) {
            scenario.reachStep(shop, order);
        }
        scenario.assertEnd(shop, order);
    }

    /** Returns whether all was asked for before the service died. */
    private static boolean placed(StepScenario scenario, OrderClient mortal) {
        UUID order;
        try {
            order = scenario.place(mortal);
        } catch (UncheckedIOException e) {
            return false;
        }
        try {
            scenario.reachStep(mortal, order);
        } catch (UncheckedIOException e) {
            // it died of the last request, which brought it to the step
        }
        return true;
    }
}
