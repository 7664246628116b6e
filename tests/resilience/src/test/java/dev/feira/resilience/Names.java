package dev.feira.resilience;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * The name service of an embedded platform: a file of hosts that its processes read for each name they do not remember (the
 * JDK's {@code jdk.net.hosts.file}). A name that is not in it is unknown.
 */
final class Names {

    private final Path file = Path.of("target", "hosts").toAbsolutePath();

    private final Set<Connection> unknown = new TreeSet<>();

    Names() {
        write();
    }

    /** What tells a process to ask here. */
    String jvmArgument() {
        return "-Djdk.net.hosts.file=" + file;
    }

    /** E.g. {@code gateway-catalog.test}: a name for each connection, since each may fail alone. */
    static String of(Connection connection) {
        return connection.name().toLowerCase(Locale.ROOT).replace('_', '-') + ".test";
    }

    synchronized void forget(Set<Connection> connections) {
        unknown.addAll(connections);
        write();
    }

    synchronized void knowAll() {
        unknown.clear();
        write();
    }

    private void write() {
        try {
            var lines = new StringBuilder("127.0.0.1 localhost ");
            lines.append(InetAddress.getLocalHost().getHostName());
            for (var connection : Connection.values()) {
                if (!unknown.contains(connection)) {
                    lines.append("\n127.0.0.1 ").append(of(connection));
                }
            }
            Files.createDirectories(file.getParent());
            var next = Files.writeString(file.resolveSibling("hosts.next"), lines.append('\n'));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE); // nobody reads half of it
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
