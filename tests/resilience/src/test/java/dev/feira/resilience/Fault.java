package dev.feira.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feira.acceptance.Http;
import dev.feira.acceptance.TestPlatform;
import dev.feira.local.Component.State;
import dev.feira.local.Instance;
import dev.feira.local.Platform;
import dev.feira.local.Service;
import dev.feira.resilience.History.Kind;
import eu.rekawek.toxiproxy.Proxy;
import eu.rekawek.toxiproxy.model.ToxicDirection;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A fault of one part of the platform.
 *
 * @param where the connection or the process
 * @param what the kind of fault
 * @param needs the kinds of requests that may fail during the fault
 * @param gateway whether the gateway itself is broken: no response can be expected
 * @param clock whether only a clock is wrong: all requests must succeed
 */
record Fault(String where, String what, Set<Kind> needs, boolean gateway, boolean clock, Effect effect) {

    /** Starts the fault, and returns what ends it. */
    interface Effect {
        End start() throws IOException;
    }

    interface End {
        void end() throws IOException;
    }

    private static final Duration THROTTLED = Duration.ofMillis(190);
    private static final Duration RUNNING = Duration.ofMillis(10);

    /** Longer than the time to live of DnsCacheSettings in service-defaults. */
    private static final Duration DNS_TIME_TO_LIVE = Duration.ofSeconds(6);

    static final String DISK_FULL = "disk full";

    private static final Set<String> ALWAYS_FAIL_REQUESTS =
            Set.of("refused", "reset", "blackhole", "killed", "DNS failing", "out of memory");

    static List<Fault> all() {
        var connections = Arrays.stream(Connection.values())
                .flatMap(connection -> ConnectionFault.stream()
                        .map(fault -> onConnection(
                                connection.toString(), connection.needs(), fault, it -> it == connection)));
        var databases = ConnectionFault.stream()
                .map(fault -> onConnection(
                        "every service to database", EnumSet.allOf(Kind.class), fault, it -> it.to() == null));
        var processes = Arrays.stream(Service.values()).flatMap(Fault::ofProcess);
        var names = Stream.concat(
                Arrays.stream(Connection.values())
                        .map(connection ->
                                withoutDns(connection.toString(), connection.needs(), EnumSet.of(connection))),
                Stream.of(withoutDns(
                        "every service to database",
                        EnumSet.allOf(Kind.class),
                        Arrays.stream(Connection.values())
                                .filter(it -> it.to() == null)
                                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Connection.class))))));
        var postgres = Stream.of(
                new Fault("database", "killed", EnumSet.allOf(Kind.class), false, false, () -> {
                    TestPlatform.embedded().killPostgres();
                    return TestPlatform.embedded()::restartPostgres;
                }),
                new Fault("database", DISK_FULL, EnumSet.allOf(Kind.class), false, false, () -> fillDisk(false)),
                new Fault(
                        "database",
                        DISK_FULL + ", its log too",
                        EnumSet.allOf(Kind.class),
                        false,
                        false,
                        () -> fillDisk(true)));
        return Stream.of(connections, databases, names, processes, postgres)
                .flatMap(it -> it)
                .toList();
    }

    /** The faults of a connection. */
    private enum ConnectionFault {
        SLOW_200_MS("200 ms", proxy -> proxy.toxics().latency("fault", ToxicDirection.DOWNSTREAM, 200)),
        SLOW_3_S("3 s", proxy -> proxy.toxics().latency("fault", ToxicDirection.DOWNSTREAM, 3000)),
        RESET("reset", proxy -> proxy.toxics().resetPeer("fault", ToxicDirection.DOWNSTREAM, 0)),
        REFUSED("refused", Proxy::disable),
        BLACKHOLE("blackhole", proxy -> {
            proxy.toxics().timeout("fault", ToxicDirection.UPSTREAM, 0);
            proxy.toxics().timeout("fault-back", ToxicDirection.DOWNSTREAM, 0);
        }),
        /** Requests arrive, responses do not. */
        HALF_OPEN("half-open", proxy -> proxy.toxics().timeout("fault", ToxicDirection.DOWNSTREAM, 0)),
        SLOW_BYTES(
                "slow bytes",
                proxy -> proxy.toxics()
                        .slicer("fault", ToxicDirection.DOWNSTREAM, 20, 50_000)
                        .setSizeVariation(5));

        interface Toxic {
            void addTo(Proxy proxy) throws IOException;
        }

        private final String description;
        private final Toxic toxic;

        ConnectionFault(String description, Toxic toxic) {
            this.description = description;
            this.toxic = toxic;
        }

        static Stream<ConnectionFault> stream() {
            return Arrays.stream(values());
        }
    }

    private interface Start {
        void start() throws IOException;
    }

    /** Ends the fault where it could not start completely. */
    private static End startOrEnd(End end, Start start) throws IOException {
        try {
            start.start();
            return end;
        } catch (IOException | RuntimeException | Error e) {
            end.end();
            throw e;
        }
    }

    private static Fault onConnection(String where, Set<Kind> needs, ConnectionFault fault, Predicate<Connection> hit) {
        return new Fault(where, fault.description, needs, false, false, () -> {
            var proxies = Arrays.stream(Connection.values())
                    .filter(hit)
                    .map(FaultInjection.proxies()::of)
                    .toList();
            End end = () -> {
                for (var proxy : proxies) {
                    proxy.enable();
                    for (var toxic : proxy.toxics().getAll()) {
                        toxic.remove();
                    }
                }
            };
            return startOrEnd(end, () -> {
                for (var proxy : proxies) {
                    fault.toxic.addTo(proxy);
                }
            });
        });
    }

    /**
     * Makes the host names of the connections unknown. Closes the connections when no process caches the addresses any more.
     */
    private static Fault withoutDns(String where, Set<Kind> needs, Set<Connection> connections) {
        return new Fault(where, "DNS failing", needs, false, false, () -> {
            var proxies = FaultInjection.proxies();
            End end = () -> {
                proxies.hosts().restoreAll();
                for (var connection : connections) {
                    proxies.of(connection).enable();
                }
            };
            return startOrEnd(end, () -> {
                proxies.hosts().remove(connections);
                Http.pause(DNS_TIME_TO_LIVE);
                for (var connection : connections) {
                    proxies.of(connection).disable();
                    proxies.of(connection).enable();
                }
            });
        });
    }

    /**
     * Fills the disk of the database and of all logs.
     *
     * @param log whether the write-ahead log is full, too: PostgreSQL ends, and cannot start before the disk has free space
     */
    private static End fillDisk(boolean log) throws IOException {
        var platform = TestPlatform.embedded();
        var disk = FaultInjection.disk().orElseThrow();
        End end = () -> {
            disk.clear();
            if (log || platform.postgres().state() != State.HEALTHY) {
                platform.restartPostgres();
            }
        };
        return startOrEnd(end, () -> {
            disk.fill();
            if (log) {
                writeUntilPostgresEnds(platform);
            }
        });
    }

    /** PostgreSQL may recover where its end has freed space: repeats until it does not. */
    private static void writeUntilPostgresEnds(Platform platform) {
        await("PostgreSQL ends without space for its log")
                .atMost(Duration.ofMinutes(1))
                .until(() -> {
                    fillLog(platform);
                    return platform.postgres().state() != State.HEALTHY;
                });
    }

    private static void fillLog(Platform platform) {
        try (var connection = platform.postgres().connectAsSuperuser("postgres");
                var statement = connection.createStatement()) {
            for (var megabytes = 0; megabytes < 512; megabytes++) {
                statement.execute("select pg_logical_emit_message(true, 'fault', repeat('x', 1024 * 1024))");
            }
        } catch (SQLException e) {
            // the disk is full
        }
    }

    /** Fills the heap: the process must exit, so that it is restarted. */
    private static End outOfMemory(Service service) throws IOException {
        var instance = instance(service);
        var process = ProcessHandle.of(instance.pid()).orElseThrow();
        return startOrEnd(() -> TestPlatform.embedded().restart(instance), () -> {
            MemoryHog.loadInto(process.pid());
            await(service.module() + " exits when it is out of memory")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> !process.isAlive());
        });
    }

    private static Stream<Fault> ofProcess(Service service) {
        Set<Kind> needs = switch (service) {
            case GATEWAY -> EnumSet.allOf(Kind.class);
            case CATALOG -> EnumSet.of(Kind.PRODUCT_LIST, Kind.PRODUCT, Kind.PLACE_ORDER);
            case ORDER -> EnumSet.of(Kind.ORDER_LIST, Kind.ORDER, Kind.PLACE_ORDER, Kind.SESSION);
            case USER -> EnumSet.of(Kind.ACCOUNT);
            case NOTIFICATION, PAYMENT_SIMULATOR -> EnumSet.noneOf(Kind.class);
        };
        var gateway = service == Service.GATEWAY;
        return Stream.of(
                new Fault(service.module(), "paused", needs, gateway, false, () -> {
                    var instance = instance(service);
                    TestPlatform.embedded().pause(instance);
                    return () -> TestPlatform.embedded().resume(instance);
                }),
                new Fault(service.module(), "killed", needs, gateway, false, () -> {
                    var instance = instance(service);
                    TestPlatform.embedded().kill(instance);
                    return () -> TestPlatform.embedded().restart(instance);
                }),
                new Fault(service.module(), "out of memory", needs, gateway, false, () -> outOfMemory(service)),
                new Fault(service.module(), "5 % of a CPU", needs, gateway, false, () -> throttle(instance(service))),
                new Fault(
                        service.module(),
                        "clock + 90 s",
                        needs,
                        gateway,
                        true,
                        () -> shiftClock(service, Duration.ofSeconds(90))),
                new Fault(
                        service.module(),
                        "clock - 90 s",
                        needs,
                        gateway,
                        true,
                        () -> shiftClock(service, Duration.ofSeconds(-90))));
    }

    private static Instance instance(Service service) {
        return TestPlatform.embedded().instances(service).getFirst();
    }

    /** Pauses and resumes the process in turns, as the kernel throttles a container at its CPU limit. */
    private static End throttle(Instance instance) {
        var stopped = new AtomicBoolean();
        var throttling = Thread.ofVirtual().start(() -> {
            while (!stopped.get()) {
                TestPlatform.embedded().pause(instance);
                Http.pause(THROTTLED);
                TestPlatform.embedded().resume(instance);
                Http.pause(RUNNING);
            }
        });
        return () -> {
            stopped.set(true);
            try {
                throttling.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    private static End shiftClock(Service service, Duration shift) throws IOException {
        var library = faketime().orElseThrow().toString();
        var instance = instance(service);
        End end = () -> TestPlatform.embedded().restart(instance, Map.of());
        return startOrEnd(end, () -> {
            TestPlatform.embedded()
                    .restart(
                            instance,
                            Map.of(
                                    "LD_PRELOAD",
                                    library,
                                    "FAKETIME",
                                    "%+ds".formatted(shift.toSeconds()),
                                    // changes the date only: durations stay correct
                                    "FAKETIME_DONT_FAKE_MONOTONIC",
                                    "1",
                                    "FAKETIME_FORCE_MONOTONIC_FIX",
                                    "0"));
            assertThat(Duration.between(Instant.now(), clockOf(instance)))
                    .as("the offset of the clock")
                    .isCloseTo(shift, Duration.ofSeconds(10));
        });
    }

    private static Instant clockOf(Instance instance) {
        var anyUrl = URI.create("http://localhost:%d/".formatted(instance.port()));
        var date =
                Http.send(HttpRequest.newBuilder(anyUrl).build()).header("Date").orElseThrow();
        return ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    }

    /** Returns the path of libfaketime; Debian: {@code apt install libfaketime}. */
    static Optional<Path> faketime() {
        try (var found = Files.find(Path.of("/usr/lib"), 4, (path, _) -> path.endsWith("faketime/libfaketime.so.1"))) {
            return found.findFirst();
        } catch (IOException | java.io.UncheckedIOException e) {
            return Optional.empty();
        }
    }

    /** Returns whether some requests must have failed: these faults affect every request for seconds. */
    boolean mustFailRequests() {
        return !needs.isEmpty() && (ALWAYS_FAIL_REQUESTS.contains(what) || what.startsWith(DISK_FULL));
    }

    @Override
    public String toString() {
        return where + ": " + what;
    }
}
