package dev.feira.benchmarks;

/**
 * One figure.
 *
 * @param what e.g. {@code gateway, throughput ratio}
 * @param reached the figure with its unit
 * @param aim what it should be, empty where there is no aim
 * @param method how it was measured, in a few words
 */
record Row(String what, String reached, String aim, String method) {

    String toMarkdown() {
        return "| %s | %s | %s | %s |".formatted(what, reached, aim, method);
    }

    String toTerminal() {
        return "%-44s %-28s %s".formatted(what, reached, aim.isEmpty() ? "" : "aim " + aim);
    }
}
