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
 * Resolves the host names of an embedded platform. Its processes read this file for each name that is not cached (the JDK's
 * {@code jdk.net.hosts.file}). Removed names are unknown.
 */
final class HostsFile {

    private final Path file = Path.of("target", "hosts").toAbsolutePath();

    private final Set<Connection> removed = new TreeSet<>();

    HostsFile() {
        write();
    }

    /** Returns the JVM argument that makes a process use this file. */
    String jvmArgument() {
        return "-Djdk.net.hosts.file=" + file;
    }

    /** Returns the host name of a connection, e.g. {@code gateway-catalog.test}. Each has its own, since each may fail alone. */
    static String nameOf(Connection connection) {
        return connection.name().toLowerCase(Locale.ROOT).replace('_', '-') + ".test";
    }

    synchronized void remove(Set<Connection> connections) {
        removed.addAll(connections);
        write();
    }

    synchronized void restoreAll() {
        removed.clear();
        write();
    }

    private void write() {
        try {
            var lines = new StringBuilder("127.0.0.1 localhost ");
            lines.append(InetAddress.getLocalHost().getHostName());
            for (var connection : Connection.values()) {
                if (!removed.contains(connection)) {
                    lines.append("\n127.0.0.1 ").append(nameOf(connection));
                }
            }
            Files.createDirectories(file.getParent());
            var next = Files.writeString(file.resolveSibling("hosts.next"), lines.append('\n'));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE); // no process reads a partial file
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
