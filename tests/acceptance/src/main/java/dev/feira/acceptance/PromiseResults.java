package dev.feira.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Records the measured figures of promises for {@code ./feira prove}; see docs/promises.md. */
public final class PromiseResults {

    private PromiseResults() {}

    /** Prints the progress of a long test. */
    public static void reportProgress(int number, String figure, Object... values) {
        System.out.println("Promise " + number + ": " + figure.formatted(values));
    }

    /** Adds {@code figure} to the results of the promise {@code number}. */
    public static void record(int number, String figure, Object... values) {
        var line = figure.formatted(values);
        reportProgress(number, "%s", line);
        var file = Path.of("target", "promises", number + ".txt");
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
