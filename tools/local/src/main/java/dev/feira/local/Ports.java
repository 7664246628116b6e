package dev.feira.local;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/** Finds free ports, and the processes that use the others. */
final class Ports {

    /** Below the ephemeral port range of outgoing connections. */
    private static final int FIRST = 20_000;

    private static final int LAST = 31_999;

    private static final Set<Integer> RETURNED = new HashSet<>();

    private Ports() {}

    /** Returns a port on which nothing listens, never the same twice in this process. */
    static synchronized int free() {
        for (var attempt = 0; attempt < 1000; attempt++) {
            var port = ThreadLocalRandom.current().nextInt(FIRST, LAST + 1);
            if (isFree(port) && RETURNED.add(port)) {
                return port;
            }
        }
        throw new StartFailure("There is no free port between " + FIRST + " and " + LAST + ".");
    }

    static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            // As servers do: a connection in TIME_WAIT does not block the port
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Describes the process that listens on the port, e.g. {@code java (process 123)}; Linux only, otherwise empty. */
    static Optional<String> user(int port) {
        return listeningSocket(port)
                .flatMap(Ports::owner)
                .flatMap(ProcessHandle::of)
                .map(process -> {
                    var command = process.info()
                            .command()
                            .map(path -> Path.of(path).getFileName() + " ")
                            .orElse("");
                    return command + "(process " + process.pid() + ")";
                });
    }

    /** Returns the inode of the socket that listens on the port. */
    private static Optional<String> listeningSocket(int port) {
        var listening = Pattern.compile("^\\s*\\d+: [0-9A-F]+:"
                + String.format(Locale.ROOT, "%04X", port)
                + " [0-9A-F]+:0000 0A \\S+ \\S+ \\S+\\s+\\d+\\s+\\d+ (\\d+).*");
        for (var table : new String[] {"/proc/net/tcp", "/proc/net/tcp6"}) {
            try {
                for (var line : Files.readAllLines(Path.of(table))) {
                    var matcher = listening.matcher(line);
                    if (matcher.matches()) {
                        return Optional.of(matcher.group(1));
                    }
                }
            } catch (IOException e) {
                // Not Linux
            }
        }
        return Optional.empty();
    }

    private static Optional<Long> owner(String inode) {
        return ProcessHandle.allProcesses()
                .filter(process -> holds(process, "socket:[" + inode + "]"))
                .map(ProcessHandle::pid)
                .findFirst();
    }

    private static boolean holds(ProcessHandle process, String socket) {
        try (var files = Files.newDirectoryStream(Path.of("/proc/" + process.pid() + "/fd"))) {
            for (var file : files) {
                if (Files.isSymbolicLink(file)
                        && Files.readSymbolicLink(file).toString().equals(socket)) {
                    return true;
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // A process of another user, or an ended one
        }
        return false;
    }
}
