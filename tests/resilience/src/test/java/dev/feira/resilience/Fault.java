package dev.feira.resilience;

import dev.feira.acceptance.Http;
import dev.feira.acceptance.Feira;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feira.resilience.History.Kind;
import dev.feira.local.Component.State;
import dev.feira.local.Instance;
import dev.feira.local.Platform;
import dev.feira.local.Service;
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
 * What may happen to one place of the platform.
 *
 * @param where the connection or the process
 * @param what happens to it
 * @param needs who cannot be served meanwhile
 * @param gateway whether the gateway itself is hit, and nobody is left to answer
 * @param skewed whether it is a clock that is wrong, and everything has to go on
 */
record Fault(String where, String what, Set<Kind> needs, boolean gateway, boolean skewed, Effect effect) {

    /** Begins, and returns what ends it. */
    interface Effect {
        End begin() throws IOException;
    }

    interface End {
        void end() throws IOException;
    }

    private static final Duration STOPPED = Duration.ofMillis(190);
    private static final Duration RUNNING = Duration.ofMillis(10);

    /** Longer than NameCache of service-defaults lets a process believe an address. */
    private static final Duration REMEMBERED = Duration.ofSeconds(6);

    static final String DISK_FULL = "disk full";

    private static final Set<String> FELT =
            Set.of("refused", "reset", "blackhole", "killed", "DNS failing", "out of memory");

    static List<Fault> all() {
        var connections = Arrays.stream(Connection.values())
                .flatMap(connection -> Wire.stream()
                        .map(wire -> on(connection.toString(), connection.needs(), wire, it -> it == connection)));
        var databases = Wire.stream()
                .map(wire -> on("everybody to database", EnumSet.allOf(Kind.class), wire, it -> it.to() == null));
        var processes = Arrays.stream(Service.values()).flatMap(Fault::of);
        var names = Stream.concat(
                Arrays.stream(Connection.values())
                        .map(connection -> unnamed(connection.toString(), connection.needs(), EnumSet.of(connection))),
                Stream.of(unnamed(
                        "everybody to database",
                        EnumSet.allOf(Kind.class),
                        Arrays.stream(Connection.values())
                                .filter(it -> it.to() == null)
                                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Connection.class))))));
        var postgres = Stream.of(
                new Fault("database", "killed", EnumSet.allOf(Kind.class), false, false, () -> {
                    Feira.embedded().killPostgres();
                    return Feira.embedded()::restartPostgres;
                }),
                new Fault("database", DISK_FULL, EnumSet.allOf(Kind.class), false, false, () -> full(false)),
                new Fault(
                        "database",
                        DISK_FULL + ", its log too",
                        EnumSet.allOf(Kind.class),
                        false,
                        false,
                        () -> full(true)));
        return Stream.of(connections, databases, names, processes, postgres)
                .flatMap(it -> it)
                .toList();
    }

    /** What happens to a connection. */
    private enum Wire {
        SLOW_200_MS("200 ms", proxy -> proxy.toxics().latency("fault", ToxicDirection.DOWNSTREAM, 200)),
        SLOW_3_S("3 s", proxy -> proxy.toxics().latency("fault", ToxicDirection.DOWNSTREAM, 3000)),
        RESET("reset", proxy -> proxy.toxics().resetPeer("fault", ToxicDirection.DOWNSTREAM, 0)),
        REFUSED("refused", Proxy::disable),
        BLACKHOLE("blackhole", proxy -> {
            proxy.toxics().timeout("fault", ToxicDirection.UPSTREAM, 0);
            proxy.toxics().timeout("fault-back", ToxicDirection.DOWNSTREAM, 0);
        }),
        /** What is asked arrives, and what is answered does not. */
        HALF_OPEN("half-open", proxy -> proxy.toxics().timeout("fault", ToxicDirection.DOWNSTREAM, 0)),
        SLOW_BYTES(
                "slow bytes",
                proxy -> proxy.toxics()
                        .slicer("fault", ToxicDirection.DOWNSTREAM, 20, 50_000)
                        .setSizeVariation(5));

        interface Toxic {
            void into(Proxy proxy) throws IOException;
        }

        private final String words;
        private final Toxic toxic;

        Wire(String words, Toxic toxic) {
            this.words = words;
            this.toxic = toxic;
        }

        static Stream<Wire> stream() {
            return Arrays.stream(values());
        }
    }

    private interface Begin {
        void begin() throws IOException;
    }

    /** The next fault must not find half of this one. */
    private static End begunOrEnded(End end, Begin begin) throws IOException {
        try {
            begin.begin();
            return end;
        } catch (IOException | RuntimeException | Error e) {
            end.end();
            throw e;
        }
    }

    private static Fault on(String where, Set<Kind> needs, Wire wire, Predicate<Connection> hit) {
        return new Fault(where, wire.words, needs, false, false, () -> {
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
            return begunOrEnded(end, () -> {
                for (var proxy : proxies) {
                    wire.toxic.into(proxy);
                }
            });
        });
    }

    /**
     * The names of the connections are unknown. Who is connected stays connected and who remembers the address goes on, so
     * the connections are cut when nobody remembers it any more.
     */
    private static Fault unnamed(String where, Set<Kind> needs, Set<Connection> connections) {
        return new Fault(where, "DNS failing", needs, false, false, () -> {
            var proxies = FaultInjection.proxies();
            End end = () -> {
                proxies.names().knowAll();
                for (var connection : connections) {
                    proxies.of(connection).enable();
                }
            };
            return begunOrEnded(end, () -> {
                proxies.names().forget(connections);
                Http.pause(REMEMBERED); // how long the JDK believes it: the fault's own time, nothing is waited for
                for (var connection : connections) {
                    proxies.of(connection).disable();
                    proxies.of(connection).enable();
                }
            });
        });
    }

    /**
     * There is no room on the database's disk, which is that of all logs as well.
     *
     * @param log whether PostgreSQL's log of changes finds none either: it ends, and cannot start before there is room
     */
    private static End full(boolean log) throws IOException {
        var platform = Feira.embedded();
        var disk = FaultInjection.disk().orElseThrow();
        End end = () -> {
            disk.clear();
            if (log || platform.postgres().state() != State.HEALTHY) {
                platform.restartPostgres();
            }
        };
        return begunOrEnded(end, () -> {
            disk.fill();
            if (log) {
                writeUntilPostgresEnds(platform);
            }
        });
    }

    /** It may recover from the first time, where that has made some room: it is written to until it does not. */
    private static void writeUntilPostgresEnds(Platform platform) {
        await("PostgreSQL ends without room for its log")
                .atMost(Duration.ofMinutes(1))
                .until(() -> {
                    writeTo(platform);
                    return platform.postgres().state() != State.HEALTHY;
                });
    }

    private static void writeTo(Platform platform) {
        try (var connection = platform.postgres().connectAsSuperuser("postgres");
                var statement = connection.createStatement()) {
            for (var megabytes = 0; megabytes < 512; megabytes++) {
                statement.execute("select pg_logical_emit_message(true, 'fault', repeat('x', 1024 * 1024))");
            }
        } catch (SQLException e) {
            // that was the last one, for now
        }
    }

    /** Its heap is full: it has to end at once, so that it is started again, and not live on half dead. */
    private static End outOfMemory(Service service) throws IOException {
        var instance = instance(service);
        var process = ProcessHandle.of(instance.pid()).orElseThrow();
        return begunOrEnded(() -> Feira.embedded().restart(instance), () -> {
            Hog.into(process.pid());
            await(service.module() + " ends when it is out of memory")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> !process.isAlive());
        });
    }

    private static Stream<Fault> of(Service service) {
        Set<Kind> needs = switch (service) {
            case GATEWAY -> EnumSet.allOf(Kind.class);
            case CATALOG -> EnumSet.of(Kind.SHELVES, Kind.PRODUCT, Kind.PLACE);
            case ORDER -> EnumSet.of(Kind.ORDERS, Kind.ORDER, Kind.PLACE, Kind.SESSION);
            case USER -> EnumSet.of(Kind.ACCOUNT);
            case PAYMENT_SIMULATOR -> EnumSet.noneOf(Kind.class);
        };
        var gateway = service == Service.GATEWAY;
        return Stream.of(
                new Fault(service.module(), "paused", needs, gateway, false, () -> {
                    var instance = instance(service);
                    Feira.embedded().pause(instance);
                    return () -> Feira.embedded().resume(instance);
                }),
                new Fault(service.module(), "killed", needs, gateway, false, () -> {
                    var instance = instance(service);
                    Feira.embedded().kill(instance);
                    return () -> Feira.embedded().restart(instance);
                }),
                new Fault(service.module(), "out of memory", needs, gateway, false, () -> outOfMemory(service)),
                new Fault(service.module(), "5 % of a CPU", needs, gateway, false, () -> slowed(instance(service))),
                new Fault(
                        service.module(),
                        "clock + 90 s",
                        needs,
                        gateway,
                        true,
                        () -> clock(service, Duration.ofSeconds(90))),
                new Fault(
                        service.module(),
                        "clock - 90 s",
                        needs,
                        gateway,
                        true,
                        () -> clock(service, Duration.ofSeconds(-90))));
    }

    private static Instance instance(Service service) {
        return Feira.embedded().instances(service).getFirst();
    }

    /** Stopped and let go in turns, as the kernel does with a container that has used its share. */
    private static End slowed(Instance instance) {
        var over = new AtomicBoolean();
        var turns = Thread.ofVirtual().start(() -> {
            while (!over.get()) {
                Feira.embedded().pause(instance);
                Http.pause(STOPPED);
                Feira.embedded().resume(instance);
                Http.pause(RUNNING);
            }
        });
        return () -> {
            over.set(true);
            try {
                turns.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    private static End clock(Service service, Duration shift) throws IOException {
        var library = faketime().orElseThrow().toString();
        var instance = instance(service);
        End end = () -> Feira.embedded().restart(instance, Map.of());
        return begunOrEnded(end, () -> {
            Feira.embedded()
                    .restart(
                            instance,
                            Map.of(
                                    "LD_PRELOAD",
                                    library,
                                    "FAKETIME",
                                    "%+ds".formatted(shift.toSeconds()),
                                    // time spans stay right: only the date is wrong
                                    "FAKETIME_DONT_FAKE_MONOTONIC",
                                    "1",
                                    "FAKETIME_FORCE_MONOTONIC_FIX",
                                    "0"));
            assertThat(Duration.between(Instant.now(), clockOf(instance)))
                    .as("how wrong the clock is")
                    .isCloseTo(shift, Duration.ofSeconds(10));
        });
    }

    private static Instant clockOf(Instance instance) {
        var anything = URI.create("http://localhost:%d/".formatted(instance.port()));
        var date = Http.send(HttpRequest.newBuilder(anything).build())
                .header("Date")
                .orElseThrow();
        return ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    }

    /** libfaketime, which gives a process another time; Debian: {@code apt install libfaketime}. */
    static Optional<Path> faketime() {
        try (var found = Files.find(Path.of("/usr/lib"), 4, (path, _) -> path.endsWith("faketime/libfaketime.so.1"))) {
            return found.findFirst();
        } catch (IOException | java.io.UncheckedIOException e) {
            return Optional.empty();
        }
    }

    /** Whether some of those who need it must have noticed: these leave nobody unaware for seconds. */
    boolean isFelt() {
        return !needs.isEmpty() && (FELT.contains(what) || what.startsWith(DISK_FULL));
    }

    @Override
    public String toString() {
        return where + ": " + what;
    }
}
