package dev.feira.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTests {

    private final StringWriter output = new StringWriter();
    private final Report report = new Report(new Progress(new PrintWriter(output)));

    @Test
    void writesEachFigureAsOneRowOfFourCells() {
        report.add("overload, time to recover", "0.1 s", Report.aim("≤ 10 s", true), "from the last | response");

        var rows = report.toMarkdown("Benchmarks", "One run.", List.of(List.of("machine", "")))
                .lines()
                .filter(line -> line.contains("recover"))
                .toList();

        assertThat(rows).hasSize(1);
        assertThat(rows.getFirst().split(" +\\| +"))
                .containsExactly(
                        "| overload, time to recover", "0.1 s", "≤ 10 s, reached", "from the last \\| response |");
        assertThat(output.toString()).contains("≤ 10 s, reached");
    }

    @Test
    void alignsColumns() {
        assertThat(Report.format(List.of(List.of("what", "ms"), List.of("a longer name", "1"))))
                .isEqualTo("""
                    | what          | ms  |
                    | ------------- | --- |
                    | a longer name | 1   |
                    """);
    }
}
