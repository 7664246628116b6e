package dev.feira.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Collects the figures, and prints each when it is there; written as Markdown at the end. */
final class Report {

    /** A wider cell does not widen its column. */
    private static final int WIDEST = 60;

    private final Progress progress;
    private final List<List<String>> figures = new ArrayList<>();
    private final StringBuilder details = new StringBuilder();

    Report(Progress progress) {
        this.progress = progress;
    }

    /**
     * Adds a figure.
     *
     * @param what e.g. {@code overload, time to recover}
     * @param reached its value with the unit; a † marks a value that depends on the machine
     * @param aim the aim and whether it is reached; empty without an aim
     * @param method how it was measured
     */
    void add(String what, String reached, String aim, String method) {
        figures.add(List.of(what, reached, aim, method));
        progress.say("%-46s %-34s %s".formatted(what, reached, aim));
    }

    /** Formats an aim, e.g. {@code ≤ 10 s, reached}; {@code ./feira prove} reads it. */
    static String aim(String aim, boolean reached) {
        return aim + (reached ? ", reached" : ", missed");
    }

    void chapter(String title) {
        details.append("\n## ").append(title).append('\n');
    }

    void paragraph(String text) {
        details.append('\n').append(text.strip()).append('\n');
    }

    /** @param rows the first one is the head; all have as many cells */
    void table(List<List<String>> rows) {
        var table = format(rows);
        details.append('\n').append(table);
        progress.say(table);
    }

    /** Returns the figures as Markdown, with the explanations after them. */
    String toMarkdown(String title, String introduction, List<List<String>> machine) {
        var page = new StringBuilder("# ").append(title).append("\n\n").append(introduction.strip());
        page.append("\n\n").append(format(machine));
        if (!figures.isEmpty()) {
            var rows = new ArrayList<>(List.of(List.of("what", "reached", "aim", "method")));
            rows.addAll(figures);
            page.append("\n## Figures\n\n").append(format(rows));
        }
        return page.append(details).toString();
    }

    /** Formats a Markdown table with aligned columns. */
    static String format(List<List<String>> rows) {
        var widths = IntStream.range(0, rows.getFirst().size())
                .map(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .filter(width -> width <= WIDEST)
                        .max()
                        .orElse(0))
                .map(width -> Math.max(width, "---".length()))
                .toArray();
        var lines = new ArrayList<String>();
        rows.forEach(row -> lines.add(line(row, widths)));
        lines.add(1, IntStream.of(widths).mapToObj("-"::repeat).collect(Collectors.joining(" | ", "| ", " |\n")));
        return String.join("", lines);
    }

    private static String line(List<String> row, int[] widths) {
        return IntStream.range(0, widths.length)
                .mapToObj(column -> {
                    var cell = row.get(column).replace("|", "\\|");
                    return cell + " ".repeat(Math.max(0, widths[column] - cell.length()));
                })
                .collect(Collectors.joining(" | ", "| ", " |\n"));
    }
}
