package dev.feira.local.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** The output of a command. The script says whether it is a terminal, on which lines can be redrawn. */
record Terminal(PrintStream out, boolean live, int columns) {

    static Terminal standard() {
        return new Terminal(System.out, Boolean.getBoolean("feira.terminal"), Integer.getInteger("feira.columns", 100));
    }

    void print(String line) {
        out.println(line);
    }

    /** Cuts a text to the width of the terminal. */
    String fit(String line) {
        return line.length() < columns ? line : line.substring(0, Math.max(0, columns - 2)) + "…";
    }

    /** Formats a duration, e.g. {@code 12.3 s}. */
    static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }
}
