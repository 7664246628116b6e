package dev.feira.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.feira.acceptance.AcceptanceTest;
import dev.feira.acceptance.Http;
import dev.feira.acceptance.TestPlatform;
import dev.feira.acceptance.TestUser;
import dev.feira.resilience.History.Operation;
import dev.feira.resilience.History.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Injects faults into connections and processes under {@link Load}. Requests that do not need the broken part succeed; the
 * others are rejected in time. After the fault all requests succeed, and no order is lost or duplicated. Runs a pinned
 * selection; {@code ./feira faults} runs all faults.
 */
@AcceptanceTest
class FaultTests {

    /** A regular expression or {@code all}; empty for the pinned faults. */
    private static final String SELECTION = System.getProperty("feira.faults", "");

    /** The promise is 5 s on an idle machine: {@code -Dfeira.healing=5}. */
    private static final Duration RECOVERY_LIMIT = Duration.ofSeconds(TestPlatform.setting("feira.healing", 20));

    /** Added to the deadline of a response under CPU contention. */
    private static final Duration MARGIN = Duration.ofSeconds(2);

    private static final Path RESULTS = Path.of("target", "promises", "faults.tsv");

    /** The faults with the largest effect, for every build. */
    private static final Set<String> PINNED = Set.of(
            "gateway to catalog: half-open",
            "gateway to order: 3 s",
            "gateway to user: reset",
            "order to catalog: blackhole",
            "order to payments: half-open",
            "gateway to database: blackhole",
            "catalog to database: slow bytes",
            "order to database: half-open",
            "order to catalog: DNS failing",
            "database: disk full, its log too",
            "catalog-service: out of memory",
            "every service to database: blackhole",
            "catalog-service: 5 % of a CPU",
            "order-service: paused");

    /** {@code -Dfeira.faults=all}, or a regular expression, e.g. {@code order to .*: reset}. */
    static Stream<Fault> faults() {
        var pattern = Pattern.compile(SELECTION.equals("all") ? ".*" : SELECTION);
        var selected = Fault.all().stream()
                .filter(fault -> SELECTION.isBlank()
                        ? PINNED.contains(fault.toString())
                        : pattern.matcher(fault.toString()).matches())
                .toList();
        assertThat(selected).as("faults that match " + SELECTION).isNotEmpty();
        return selected.stream();
    }

    /** A fault in an unused connection would not test anything. */
    @Test
    void routesEveryConnectionThroughItsProxy() throws IOException {
        assumeTrue(SELECTION.isBlank() || SELECTION.equals("all"), "Only some faults are selected");
        var proxies = FaultInjection.proxies();
        Load load;
        try (var running = Load.started()) {
            load = running;
            await("a response in each connection")
                    .atMost(Duration.ofMinutes(2))
                    .pollInterval(Duration.ofSeconds(5))
                    .until(
                            () -> {
                                TestUser.staff().get("/api/audits/notifications"); // not part of the load
                                proxies.closeConnections();
                                return proxies.withoutResponses();
                            },
                            Set::isEmpty);
        }
        assertThat(load.contradictions()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void failsOnlyRequestsThatNeedTheBrokenPartAndRecovers(Fault fault) throws IOException {
        FaultInjection.proxies();
        assumeTrue(!fault.clock() || Fault.faketime().isPresent(), "This test needs libfaketime");
        assumeTrue(
                !fault.what().startsWith(Fault.DISK_FULL)
                        || FaultInjection.disk().isPresent(),
                "This test mounts a disk, which needs root");
        var verdict = "BROKEN";
        try {
            verdict = runUnderLoad(fault);
        } finally {
            record(fault, verdict);
        }
    }

    /** Returns the recovery time, and how many requests failed during the fault. */
    private static String runUnderLoad(Fault fault) throws IOException {
        Load load;
        long faultStart;
        long clockChanged = Long.MAX_VALUE;
        long faultEnd;
        Duration recovery;
        try (var running = Load.started()) {
            load = running;
            var start = System.nanoTime();
            load.awaitRecovery(start, Duration.ofMinutes(1));

            faultStart = System.nanoTime();
            var end = fault.effect().start();
            try {
                if (fault.clock()) {
                    checkAllRequestsSucceed(load);
                    clockChanged = System.nanoTime();
                }
                Http.pause(duration(fault));
            } finally {
                faultEnd = System.nanoTime();
                end.end();
            }
            var over = System.nanoTime();
            recovery = load.awaitRecovery(over, RECOVERY_LIMIT);
        }
        long from = clockChanged;
        long to = faultEnd;
        assertThat(load.history().operations())
                .filteredOn(operation -> operation.start() > from && operation.end() < to)
                .as("requests while the clock is wrong")
                .allMatch(operation -> operation.outcome() == Outcome.OK);

        var during = load.history().operations().stream()
                .filter(operation -> operation.end() > faultStart)
                .toList();
        assertThat(during)
                .filteredOn(operation -> !fault.needs().contains(operation.kind()))
                .as("requests that do not need the broken part")
                .allMatch(operation -> operation.outcome() == Outcome.OK);
        if (!fault.gateway()) {
            if (fault.mustFailRequests()) {
                assertThat(during)
                        .as("requests that need the broken part")
                        .anyMatch(operation -> operation.outcome() != Outcome.OK);
            }
            assertThat(during)
                    .filteredOn(operation -> operation.outcome() != Outcome.OK)
                    .as("failed requests")
                    .allMatch(FaultTests::isRejected);
            assertThat(during)
                    .as("durations")
                    .allMatch(operation -> operation
                                    .duration()
                                    .compareTo(operation.kind().deadline().plus(MARGIN))
                            < 0);
        }
        assertThat(load.contradictions()).isEmpty();
        var failed = during.stream()
                .filter(operation -> operation.outcome() != Outcome.OK)
                .count();
        return "%.1f s (%d of %d)".formatted(recovery.toMillis() / 1000.0, failed, during.size());
    }

    /** A pause lasts as long as a live migration of a virtual machine, except in the pinned selection. */
    private static Duration duration(Fault fault) {
        var defaultSeconds = fault.what().equals("paused") && !SELECTION.isBlank() ? 30 : 6;
        return Duration.ofSeconds(TestPlatform.setting("feira.fault.seconds", defaultSeconds));
    }

    /** Checks that every kind of request succeeds, and that a new customer can register and sign in. */
    private static void checkAllRequestsSucceed(Load load) {
        var since = System.nanoTime();
        load.awaitRecovery(since, RECOVERY_LIMIT);
        TestUser.registered().get("/api/orders").expect(200);
    }

    private static boolean isRejected(Operation operation) {
        return List.of(429, 503, 504).contains(operation.status())
                && operation.message().contains("urn:feira:problem:");
    }

    private static void record(Fault fault, String verdict) throws IOException {
        Files.createDirectories(RESULTS.getParent());
        Files.writeString(
                RESULTS,
                "%s\t%s\t%s%n".formatted(fault.where(), fault.what(), verdict),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }
}
