package dev.feira.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Predicate;

/**
 * The processes on one data folder. The launcher writes it; {@code status} and {@code down} read it, even if the launcher
 * was killed.
 *
 * @param launcher the process that started the others
 * @param url the gateway's address
 * @param parts the database and every replica
 */
public record RunState(Part launcher, String url, List<Part> parts) {

    /**
     * One process.
     *
     * @param name e.g. {@code order-service-2}
     * @param pid its id; 0 before its start
     * @param started its start time: process ids are used again
     * @param port the port for clients; 0 for the launcher
     * @param managementPort the port of its health; 0 for the database and the launcher
     * @param log its log file; empty for the launcher
     */
    public record Part(String name, long pid, Instant started, int port, int managementPort, String log) {

        /** Returns the process if it runs. */
        public Optional<ProcessHandle> process() {
            return isWaiting() ? Optional.empty() : Processes.find(pid, started);
        }

        /** Whether its first process has not started yet. */
        public boolean isWaiting() {
            return pid == 0;
        }

        static Part of(Component component) {
            return of(
                    component.name(),
                    component.pid(),
                    component.port(),
                    component.managementPort(),
                    component.logFile().toString());
        }

        static Part launcher() {
            return of("launcher", ProcessHandle.current().pid(), 0, 0, "");
        }

        private static Part of(String name, long pid, int port, int managementPort, String log) {
            var started = ProcessHandle.of(pid)
                    .flatMap(process -> process.info().startInstant())
                    .orElse(Instant.EPOCH);
            return new Part(name, pid, started, port, managementPort, log);
        }
    }

    /** The lock of a data folder; the operating system releases it when the launcher ends. */
    record Lock(FileChannel channel) implements AutoCloseable {
        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                // The operating system releases it with the process
            }
        }
    }

    /** @throws StartFailure another launcher uses the folder */
    static Lock lock(Path data) throws IOException {
        var folder = Files.createDirectories(data.resolve("run"));
        var channel = FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return new Lock(channel);
            }
        } catch (OverlappingFileLockException e) {
            // This process holds it
        }
        channel.close();
        var launcher = read(data)
                .map(state -> " (process " + state.launcher().pid() + ", " + state.url() + ")")
                .orElse("");
        throw new StartFailure(
                "Feira already runs here" + launcher + ": ./feira status shows it, ./feira down stops it.");
    }

    /** Reads the file; empty if nothing runs or the launcher stopped everything. */
    public static Optional<RunState> read(Path data) {
        var file = file(data);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        var properties = new Properties();
        try (var reader = Files.newBufferedReader(file)) {
            properties.load(reader);
            var parts = new ArrayList<Part>();
            for (var i = 0; properties.containsKey("part." + i + ".name"); i++) {
                parts.add(part(properties, "part." + i + "."));
            }
            return Optional.of(new RunState(part(properties, "launcher."), properties.getProperty("url", ""), parts));
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    void write(Path data) throws IOException {
        var properties = new Properties();
        properties.setProperty("url", url);
        put(properties, "launcher.", launcher);
        for (var i = 0; i < parts.size(); i++) {
            put(properties, "part." + i + ".", parts.get(i));
        }
        var fresh = file(data).resolveSibling("platform.new");
        try (var writer = Files.newBufferedWriter(fresh)) {
            properties.store(writer, null);
        }
        Files.move(fresh, file(data), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    static void delete(Path data) throws IOException {
        Files.deleteIfExists(file(data));
    }

    /** Stops the processes that an earlier launcher left: services first, the database last. */
    public void endAll() {
        var timeout = Duration.ofSeconds(25);
        Processes.end(running(part -> part.managementPort() != 0), timeout);
        // SIGTERM makes the database wait for its clients, which are gone
        Processes.end(running(part -> part.managementPort() == 0), timeout);
    }

    private List<ProcessHandle> running(Predicate<Part> which) {
        return parts.stream()
                .filter(which)
                .map(Part::process)
                .flatMap(Optional::stream)
                .toList();
    }

    private static Path file(Path data) {
        return data.resolve("run/platform.properties");
    }

    private static Part part(Properties properties, String prefix) {
        return new Part(
                properties.getProperty(prefix + "name"),
                Long.parseLong(properties.getProperty(prefix + "pid")),
                Instant.parse(properties.getProperty(prefix + "started")),
                Integer.parseInt(properties.getProperty(prefix + "port")),
                Integer.parseInt(properties.getProperty(prefix + "managementPort")),
                properties.getProperty(prefix + "log"));
    }

    private static void put(Properties properties, String prefix, Part part) {
        properties.setProperty(prefix + "name", part.name());
        properties.setProperty(prefix + "pid", String.valueOf(part.pid()));
        properties.setProperty(prefix + "started", part.started().toString());
        properties.setProperty(prefix + "port", String.valueOf(part.port()));
        properties.setProperty(prefix + "managementPort", String.valueOf(part.managementPort()));
        properties.setProperty(prefix + "log", part.log());
    }
}
