package dev.feira.local.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** What is written to, and whether it is a screen that lines can be redrawn on; the script knows and says so. */
record Terminal(PrintStream out, boolean live, int columns) {

    static Terminal standard() {
        return new Terminal(System.out, Boolean.getBoolean("feira.terminal"), Integer.getInteger("feira.columns", 100));
    }

    void print(String line) {
        out.println(line);
    }

    /** Cut so that it stays on one line. */
    String fit(String line) {
        return line.length() < columns ? line : line.substring(0, Math.max(0, columns - 2)) + "…";
    }

    /** E.g. {@code 12.3 s}. */
    static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }
}
