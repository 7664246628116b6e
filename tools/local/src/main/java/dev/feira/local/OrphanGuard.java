package dev.feira.local;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Stops the platform's processes if the launcher ends without stopping them (SIGKILL, out of memory). A shell reads a pipe
 * from the launcher; the operating system closes the pipe when the launcher ends.
 */
final class OrphanGuard implements AutoCloseable {

    /** Each line replaces the list of process ids. The database is the first; it stops last, by SIGINT (fast shutdown). */
    private static final String SCRIPT = """
            trap '' INT HUP TERM
            services= ; database=0
            while read -r first others; do
              [ "$first" = done ] && exit 0
              database=$first ; services=$others
            done
            alive() { for process in $services; do kill -0 "$process" && return 0; done; return 1; }
            kill -TERM $services
            seconds=0
            while alive && [ "$seconds" -lt 25 ]; do sleep 1; seconds=$((seconds + 1)); done
            kill -KILL $services
            [ "$database" = 0 ] || kill -INT "$database"
            """;

    private final OutputStream pipe;

    OrphanGuard() throws IOException {
        pipe = new ProcessBuilder("sh", "-c", SCRIPT)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
                .getOutputStream();
    }

    /** Replaces the processes that end with the launcher; 0 is no process. */
    synchronized void watch(long database, List<Long> services) {
        var line =
                services.stream().filter(pid -> pid != 0).map(String::valueOf).collect(Collectors.joining(" "));
        write(database + " " + line);
    }

    /** Ends the guard: the launcher has stopped the processes. */
    @Override
    public synchronized void close() {
        write("done");
        try {
            pipe.close();
        } catch (IOException e) {
            // The guard has ended already
        }
    }

    private void write(String line) {
        try {
            pipe.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            pipe.flush();
        } catch (IOException e) {
            // The guard was killed: the platform works without it
        }
    }
}
