package dev.feira.local;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Ends the platform's processes when the launcher dies without being able to (SIGKILL, out of memory). A shell of a
 * few hundred kilobytes reads a pipe from the launcher; the operating system closes it when the launcher is gone,
 * whatever the reason.
 */
final class OrphanGuard implements AutoCloseable {

    /** Each line replaces the list; the database's process is first on it and ends last, by SIGINT (fast shutdown). */
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

    /** These, and no others, end with the launcher; 0 is no process. */
    synchronized void watch(long database, List<Long> services) {
        var line =
                services.stream().filter(pid -> pid != 0).map(String::valueOf).collect(Collectors.joining(" "));
        write(database + " " + line);
    }

    /** The launcher has ended them itself. */
    @Override
    public synchronized void close() {
        write("done");
        try {
            pipe.close();
        } catch (IOException e) {
            // It reads the end of the pipe or is gone: both are what is wanted
        }
    }

    private void write(String line) {
        try {
            pipe.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            pipe.flush();
        } catch (IOException e) {
            // Someone ended the guard: the platform works without it, only a crash of the launcher would leave orphans
        }
    }
}
