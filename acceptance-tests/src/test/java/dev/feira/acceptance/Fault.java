package dev.feira.acceptance;

import dev.feira.acceptance.History.Kind;
import dev.feira.local.Instance;
import dev.feira.local.Service;
import eu.rekawek.toxiproxy.Proxy;
import eu.rekawek.toxiproxy.model.ToxicDirection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
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

    static List<Fault> all() {
        var connections = Arrays.stream(Connection.values())
                .flatMap(connection -> Wire.stream()
                        .map(wire -> on(connection.toString(), connection.needs(), wire, it -> it == connection)));
        var databases = Wire.stream()
                .map(wire -> on("everybody to database", EnumSet.allOf(Kind.class), wire, it -> it.to() == null));
        var processes = Arrays.stream(Service.values()).flatMap(Fault::of);
        var postgres = new Fault("database", "killed", EnumSet.allOf(Kind.class), false, false, () -> {
            Feira.embedded().killPostgres();
            return Feira.embedded()::restartPostgres;
        });
        return Stream.of(connections, databases, processes, Stream.of(postgres))
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

    private static Fault on(String where, Set<Kind> needs, Wire wire, Predicate<Connection> hit) {
        return new Fault(where, wire.words, needs, false, false, () -> {
            var proxies = Arrays.stream(Connection.values())
                    .filter(hit)
                    .map(Feira.proxies()::of)
                    .toList();
            End end = () -> {
                for (var proxy : proxies) {
                    proxy.enable();
                    for (var toxic : proxy.toxics().getAll()) {
                        toxic.remove();
                    }
                }
            };
            try {
                for (var proxy : proxies) {
                    wire.toxic.into(proxy);
                }
            } catch (IOException e) {
                end.end(); // the next fault must not find half of this one
                throw e;
            }
            return end;
        });
    }

    private static Stream<Fault> of(Service service) {
        Set<Kind> needs = switch (service) {
            case GATEWAY -> EnumSet.allOf(Kind.class);
            case CATALOG -> EnumSet.of(Kind.SHELVES, Kind.PRODUCT, Kind.PLACE);
            case ORDER -> EnumSet.of(Kind.ORDERS, Kind.ORDER, Kind.PLACE);
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
                new Fault(service.module(), "5 % of a CPU", needs, gateway, false, () -> slowed(instance(service))),
                new Fault(service.module(), "clock + 90 s", needs, gateway, true, () -> clock(service, "+90s")),
                new Fault(service.module(), "clock - 90 s", needs, gateway, true, () -> clock(service, "-90s")));
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

    private static End clock(Service service, String shift) throws IOException {
        var library = faketime().orElseThrow().toString();
        var instance = instance(service);
        End end = () -> Feira.embedded().restart(instance, Map.of());
        try {
            Feira.embedded()
                    .restart(
                            instance,
                            Map.of(
                                    "LD_PRELOAD",
                                    library,
                                    "FAKETIME",
                                    shift,
                                    // time spans stay right: only the date is wrong
                                    "FAKETIME_DONT_FAKE_MONOTONIC",
                                    "1",
                                    "FAKETIME_FORCE_MONOTONIC_FIX",
                                    "0"));
        } catch (RuntimeException e) {
            end.end(); // the next fault must not find this clock
            throw e;
        }
        return end;
    }

    /** libfaketime, which gives a process another time; Debian: {@code apt install libfaketime}. */
    static Optional<Path> faketime() {
        try (var found = Files.find(Path.of("/usr/lib"), 4, (path, _) -> path.endsWith("faketime/libfaketime.so.1"))) {
            return found.findFirst();
        } catch (IOException | java.io.UncheckedIOException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return where + ": " + what;
    }
}
