package dev.feira.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What is printed and written: chapters of tables and paragraphs. */
final class Report {

    private static final int WIDEST_CELL = 60;

    private sealed interface Part {}

    private record Chapter(String title) implements Part {}

    private record Paragraph(String text) implements Part {}

    private record Table(List<List<String>> rows) implements Part {}

    private final List<Part> parts = new ArrayList<>();

    void chapter(String title) {
        parts.add(new Chapter(title));
    }

    void paragraph(String text) {
        parts.add(new Paragraph(text.strip()));
    }

    /** @param rows the first one is the head; all have as many cells */
    void table(List<List<String>> rows) {
        parts.add(new Table(List.copyOf(rows)));
    }

    /** Adds all of another one at the end. */
    void append(Report other) {
        parts.addAll(other.parts);
    }

    static List<String> row(String... cells) {
        return Arrays.asList(cells);
    }

    String toMarkdown() {
        return parts.stream()
                .map(part -> switch (part) {
                    case Chapter chapter -> "## " + chapter.title;
                    case Paragraph paragraph -> paragraph.text;
                    case Table table -> markdown(table);
                })
                .collect(Collectors.joining("\n\n", "# Benchmarks\n\n", "\n"));
    }

    private static String markdown(Table table) {
        var head = "| " + String.join(" | ", table.rows.getFirst()) + " |\n"
                + "| --- ".repeat(table.rows.getFirst().size()) + "|\n";
        return table.rows.stream()
                .skip(1)
                .map(row -> "| "
                        + row.stream().map(cell -> cell.replace("|", "\\|")).collect(Collectors.joining(" | ")) + " |")
                .collect(Collectors.joining("\n", head, ""));
    }

    /** The tables without the explanations. */
    String toTerminal() {
        return parts.stream()
                .map(part -> switch (part) {
                    case Chapter chapter -> "\n" + chapter.title + "\n";
                    case Paragraph _ -> "";
                    case Table table -> terminal(table);
                })
                .collect(Collectors.joining());
    }

    private static String terminal(Table table) {
        var widths = IntStream.range(0, table.rows.getFirst().size())
                .map(column -> table.rows.stream()
                        .mapToInt(row -> Math.min(WIDEST_CELL, row.get(column).length()))
                        .max()
                        .orElse(0))
                .toArray();
        return table.rows.stream()
                .map(row -> IntStream.range(0, widths.length)
                        .mapToObj(column -> cell(row.get(column), widths[column]))
                        .collect(Collectors.joining("  ", "  ", "\n")))
                .map(line -> line.stripTrailing() + "\n")
                .collect(Collectors.joining());
    }

    private static String cell(String text, int width) {
        var shown = text.length() <= width ? text : text.substring(0, width - 1) + "…";
        return shown + " ".repeat(width - shown.length());
    }
}
