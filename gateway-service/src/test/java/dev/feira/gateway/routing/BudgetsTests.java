package dev.feira.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.feira.gateway.problem.ProblemException;
import dev.feira.gateway.routing.ForwardingProperties.Traffic;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BudgetsTests {

    private final AtomicLong now =
            new AtomicLong(Long.MAX_VALUE); // as System.nanoTime it may be anywhere, and turn over

    private final Budgets.Budget shelves = new Budgets.Budget(
            "browsing",
            new Traffic(Duration.ofSeconds(2), Duration.ofSeconds(1), 1, Duration.ofMillis(1)),
            new SimpleMeterRegistry(),
            now::get);

    @Test
    void whoComesRightAfterSomebodyWaitedInVainNeedNotWait() {
        var place = shelves.enter();
        assertThat(shelves.isCrowded()).isFalse();

        waitsInVain();
        assertThat(shelves.isCrowded()).isTrue();
        now.addAndGet(Budgets.CROWDED.toNanos());
        assertThat(shelves.isCrowded()).as("somebody may try again").isFalse();

        waitsInVain();
        now.addAndGet(Budgets.CROWDED.toNanos() / 2);
        shelves.shed();
        now.addAndGet(Budgets.CROWDED.toNanos() / 2);
        assertThat(shelves.isCrowded()).as("others are sent away still").isTrue();
        place.close();
        assertThat(shelves.isCrowded()).as("there is a place").isFalse();
    }

    private void waitsInVain() {
        assertThatExceptionOfType(ProblemException.class).isThrownBy(shelves::enter);
    }
}
