package dev.feira.resilience;

import dev.feira.acceptance.Http;
import dev.feira.acceptance.Person;
import dev.feira.acceptance.AcceptanceTest;
import dev.feira.acceptance.Feira;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.feira.resilience.History.Operation;
import dev.feira.resilience.History.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every connection and every process is broken in every way, while people shop: who does not need it notices nothing, the
 * others are told in time, and afterwards everybody is served again and nothing is lost or done twice. A pinned diagonal by
 * default; {@code ./feira faults} takes all.
 */
@AcceptanceTest
class FaultTests {

    /** Which faults; empty for the pinned ones. */
    private static final String WANTED = System.getProperty("feira.faults", "");

    /** The promise is 5 s on a machine that does nothing else: {@code -Dfeira.healing=5}. */
    private static final Duration HEALING = Duration.ofSeconds(Feira.times("feira.healing", 20));

    /** What a busy machine may add to an answer's deadline while it does everything at once. */
    private static final Duration MARGIN = Duration.ofSeconds(2);

    private static final Path RESULTS = Path.of("target", "promises", "faults.tsv");

    /** For every build: where each fault hurts most. */
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
            "everybody to database: blackhole",
            "catalog-service: 5 % of a CPU",
            "order-service: paused");

    /** {@code -Dfeira.faults=all}, or a regular expression, e.g. {@code order to .*: reset}. */
    static Stream<Fault> faults() {
        var pattern = Pattern.compile(WANTED.equals("all") ? ".*" : WANTED);
        var chosen = Fault.all().stream()
                .filter(fault -> WANTED.isBlank()
                        ? PINNED.contains(fault.toString())
                        : pattern.matcher(fault.toString()).matches())
                .toList();
        assertThat(chosen).as("faults named " + WANTED).isNotEmpty();
        return chosen.stream();
    }

    /** A fault in a connection that nobody uses would hurt nobody, too. */
    @Test
    void everyConnectionGoesThroughItsProxy() throws IOException {
        assumeTrue(WANTED.isBlank() || WANTED.equals("all"), "Only some faults are wanted");
        var proxies = FaultInjection.proxies();
        Load load;
        try (var shoppers = Load.started()) {
            load = shoppers;
            await("something was answered in each")
                    .atMost(Duration.ofMinutes(2))
                    .pollInterval(Duration.ofSeconds(5))
                    .until(
                            () -> {
                                proxies.cut(); // what is still connected is not counted
                                return proxies.unused();
                            },
                            Set::isEmpty);
        }
        assertThat(load.contradictions()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void hurtsOnlyWhoNeedsItAndOnlyWhileItLasts(Fault fault) throws IOException {
        FaultInjection.proxies();
        assumeTrue(!fault.skewed() || Fault.faketime().isPresent(), "This test needs libfaketime");
        assumeTrue(
                !fault.what().startsWith(Fault.DISK_FULL) || FaultInjection.disk().isPresent(),
                "Only root may mount a disk to fill");
        var verdict = "BROKEN";
        try {
            verdict = shopThrough(fault);
        } finally {
            note(fault, verdict);
        }
    }

    /** Returns how long after its end everybody was served, and how many were not while it lasted. */
    private static String shopThrough(Fault fault) throws IOException {
        Load load;
        long begun;
        long skewed = Long.MAX_VALUE;
        long mended;
        Duration healed;
        try (var shoppers = Load.started()) {
            load = shoppers;
            var start = System.nanoTime();
            await("shopping is under way")
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> load.served(start).isPresent());

            begun = System.nanoTime();
            var end = fault.effect().begin();
            try {
                if (fault.skewed()) {
                    goesOn(load);
                    skewed = System.nanoTime();
                }
                Http.pause(length(fault)); // the fault's own length: nothing is waited for
            } finally {
                mended = System.nanoTime();
                end.end();
            }
            var over = System.nanoTime();
            healed = await("everybody is served again after " + fault)
                    .atMost(HEALING)
                    .until(() -> load.served(over), Optional::isPresent)
                    .orElseThrow();
        }
        long from = skewed;
        long to = mended;
        assertThat(load.history().operations())
                .filteredOn(operation -> operation.begin() > from && operation.end() < to)
                .as("with a clock that is wrong")
                .allMatch(operation -> operation.outcome() == Outcome.OK);

        var during = load.history().operations().stream()
                .filter(operation -> operation.end() > begun)
                .toList();
        assertThat(during)
                .filteredOn(operation -> !fault.needs().contains(operation.kind()))
                .as("who does not need it")
                .allMatch(operation -> operation.outcome() == Outcome.OK);
        if (!fault.gateway()) {
            if (fault.isFelt()) {
                assertThat(during).as("who needs it").anyMatch(operation -> operation.outcome() != Outcome.OK);
            }
            assertThat(during)
                    .filteredOn(operation -> operation.outcome() != Outcome.OK)
                    .as("who needs it is told")
                    .allMatch(FaultTests::isTold);
            assertThat(during)
                    .as("in time")
                    .allMatch(operation -> operation
                                    .took()
                                    .compareTo(operation.kind().deadline().plus(MARGIN))
                            < 0);
        }
        assertThat(load.contradictions()).isEmpty();
        var told = during.stream()
                .filter(operation -> operation.outcome() != Outcome.OK)
                .count();
        return "%.1f s (%d of %d)".formatted(healed.toMillis() / 1000.0, told, during.size());
    }

    /** A pause is long, as that of a machine that is moved; the pinned choice is to be over soon. */
    private static Duration length(Fault fault) {
        var otherwise = fault.what().equals("paused") && !WANTED.isBlank() ? 30 : 6;
        return Duration.ofSeconds(Feira.times("feira.fault.seconds", otherwise));
    }

    /** A clock that is wrong stops nobody: all are served, and a newcomer can register, sign in and look around. */
    private static void goesOn(Load load) {
        var since = System.nanoTime();
        await("everybody is served").atMost(HEALING).until(() -> load.served(since), Optional::isPresent);
        Person.registered().get("/api/orders").expect(200);
    }

    private static boolean isTold(Operation operation) {
        return List.of(429, 503, 504).contains(operation.status())
                && operation.said().contains("urn:feira:problem:");
    }

    private static void note(Fault fault, String verdict) throws IOException {
        Files.createDirectories(RESULTS.getParent());
        Files.writeString(
                RESULTS,
                "%s\t%s\t%s%n".formatted(fault.where(), fault.what(), verdict),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }
}
