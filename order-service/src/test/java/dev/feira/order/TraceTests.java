package dev.feira.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feira.order.fixtures.LoopbackServer;
import dev.feira.order.fixtures.TestEnvironment;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Steps and events of an order belong to the trace of the request that placed it. */
class TraceTests {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String TRACEPARENT = "00-" + TRACE + "-00f067aa0ba902b7-01";
    private static final Queue<ReadableSpan> SPANS = new ConcurrentLinkedQueue<>();

    private TestEnvironment environment;

    @TestConfiguration(proxyBeanMethods = false)
    static class Spans {

        @Bean
        SpanProcessor spans() {
            return new SpanProcessor() {
                @Override
                public void onStart(Context parent, ReadWriteSpan span) {}

                @Override
                public boolean isStartRequired() {
                    return false;
                }

                @Override
                public void onEnd(ReadableSpan span) {
                    SPANS.add(span);
                }

                @Override
                public boolean isEndRequired() {
                    return true;
                }
            };
        }
    }

    @BeforeEach
    void open() {
        SPANS.clear();
        environment = new TestEnvironment();
        environment.catalog.sells("A-1", "1.00", 100);
    }

    @AfterEach
    void close() {
        environment.close();
    }

    private static List<String> spansOfTrace() {
        return SPANS.stream()
                .filter(span -> span.getSpanContext().getTraceId().equals(TRACE))
                .map(ReadableSpan::getName)
                .toList();
    }

    /** The second replica makes the other attempts: it has never seen the request. */
    @Test
    void continuesInStepsOfAnotherReplicaAndInEvents() {
        environment.payments.faults((method, path) -> LoopbackServer.BROKEN);
        var first = environment.start(List.of(Spans.class));
        UUID order = first.place("ana", "A-1", 1, "tok_good", "traceparent", TRACEPARENT, "Prefer", "wait=0")
                .id();
        await().atMost(Duration.ofSeconds(30)).until(() -> spansOfTrace().contains("saga charge-payment"));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> first.bean(MeterRegistry.class)
                                .find("feira.saga.step")
                                .tags("step", "CHARGE_PAYMENT", "error", "PaymentsUnavailable")
                                .timer()
                        != null);
        first.close();
        SPANS.clear();
        environment.payments.healthy();

        var second = environment.start(List.of(Spans.class));
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(second.order(order).text("status")).isEqualTo("CONFIRMED"));

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(spansOfTrace()).contains("saga charge-payment", "saga confirm-stock"));
        assertThat(second.bean(JdbcClient.class)
                        .sql("select traceparent from outbox where aggregateid = :order")
                        .param("order", order.toString())
                        .query(String.class)
                        .list())
                .isNotEmpty()
                .allSatisfy(traceparent -> assertThat(traceparent).contains(TRACE));
    }
}
