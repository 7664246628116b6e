package dev.feira.local;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waiting for processes and other facts of the operating system, always with a deadline. */
final class Processes {

    private Processes() {}

    /** Looks every 50 ms whether it is so; false when it was not within the time. */
    static boolean await(Duration atMost, BooleanSupplier condition) {
        var deadline = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return condition.getAsBoolean();
            }
        }
        return true;
    }

    /** Asks it to end, waits, and ends it by force when the time is over. */
    static void end(ProcessHandle process, Duration patience) {
        process.destroy();
        if (!await(patience, () -> !process.isAlive())) {
            process.destroyForcibly();
            await(Duration.ofSeconds(5), () -> !process.isAlive());
        }
    }

    /** The process that has this id now, if it is the one that started at this moment: ids are used again. */
    static Optional<ProcessHandle> find(long pid, Instant started) {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(process -> process.info()
                        .startInstant()
                        .map(at -> Duration.between(started, at).abs().toMillis() < 2000)
                        .orElse(false));
    }

    /** Runs a short command to its end and gives its output; anything but exit code 0 is an error. */
    static String run(List<String> command, Duration atMost) throws IOException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        var output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new IOException(command.getFirst() + " did not end within " + atMost.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException(command.getFirst() + " was interrupted", e);
        }
        if (process.exitValue() != 0) {
            throw new IOException(output.strip());
        }
        return output;
    }
}
