package dev.feira.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
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
import org.jspecify.annotations.Nullable;

/**
 * What runs on one data folder, written by the launcher and read by {@code status} and {@code down}, also when the
 * launcher is long gone.
 *
 * @param launcher the process that started all
 * @param url the gateway
 * @param parts the database and every replica
 */
public record RunState(Part launcher, String url, List<Part> parts) {

    /**
     * One process.
     *
     * @param name e.g. {@code order-service-2}
     * @param pid its id; 0 before it is started
     * @param started when it started: process ids are used again
     * @param port what others use
     * @param managementPort where its health is; 0 for the database and the launcher
     * @param log its log file; empty for the launcher
     */
    public record Part(String name, long pid, Instant started, int port, int managementPort, String log) {

        /** The process, while it runs. */
        public Optional<ProcessHandle> process() {
            return isWaiting() ? Optional.empty() : Processes.find(pid, started);
        }

        /** Whether there has been no process of it yet. */
        public boolean isWaiting() {
            return pid == 0;
        }

        static Part of(String name, long pid, int port, int managementPort, String log) {
            var started = ProcessHandle.of(pid)
                    .flatMap(process -> process.info().startInstant())
                    .orElse(Instant.EPOCH);
            return new Part(name, pid, started, port, managementPort, log);
        }
    }

    /** Held while a platform runs on a folder; the operating system frees it when the launcher dies. */
    record Lock(FileChannel channel) implements AutoCloseable {
        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                // It ends with the process at the latest
            }
        }
    }

    /** @return null when another launcher holds the folder */
    static @Nullable Lock lock(Path data) throws IOException {
        var folder = Files.createDirectories(data.resolve("run"));
        var channel = FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return new Lock(channel);
            }
        } catch (java.nio.channels.OverlappingFileLockException e) {
            // Held in this very process
        }
        channel.close();
        return null;
    }

    /** What was written last; empty when nothing was started here or all was stopped in order. */
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

    /** Ends what an earlier launcher left running: services first, the database last. */
    public void endAll() {
        var services = parts.stream()
                .filter(part -> part.managementPort() != 0)
                .map(Part::process)
                .flatMap(Optional::stream)
                .toList();
        services.forEach(ProcessHandle::destroy);
        var patience = Duration.ofSeconds(25);
        Processes.await(patience, () -> services.stream().noneMatch(ProcessHandle::isAlive));
        services.forEach(ProcessHandle::destroyForcibly);
        parts.stream()
                .filter(part -> part.managementPort() == 0)
                .map(Part::process)
                .flatMap(Optional::stream)
                // SIGTERM: the database waits for its clients, and they are gone
                .forEach(database -> Processes.end(database, patience));
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
