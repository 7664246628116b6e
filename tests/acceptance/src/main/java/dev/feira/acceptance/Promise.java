package dev.feira.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Notes the figure that a proof reached, for {@code ./feira prove}; see docs/promises.md. */
public final class Promise {

    private Promise() {}

    /** Says how far a proof has come, where it takes long. */
    public static void underWay(int number, String figure, Object... values) {
        System.out.println("Promise " + number + ": " + figure.formatted(values));
    }

    /** Adds {@code figure} to what was reached for the promise {@code number}. */
    public static void kept(int number, String figure, Object... values) {
        var line = figure.formatted(values);
        underWay(number, "%s", line);
        var file = Path.of("target", "promises", number + ".txt");
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
