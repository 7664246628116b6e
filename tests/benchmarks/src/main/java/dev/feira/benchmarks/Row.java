package dev.feira.benchmarks;

/**
 * One figure.
 *
 * @param what e.g. {@code gateway, throughput ratio}
 * @param reached the figure with its unit
 * @param aim what it should be and whether it is, empty where there is no aim
 * @param method how it was measured, in a few words
 */
record Row(String what, String reached, String aim, String method) {

    /** Marks what says something about this machine only; ratios are measured side by side and travel better. */
    static final String OF_THIS_MACHINE = " †";

    /** A figure that another machine would not repeat: seconds, orders per second. */
    static Row absolute(String what, String reached, String aim, String method) {
        return new Row(what, reached + OF_THIS_MACHINE, aim, method);
    }

    /** E.g. {@code ≤ 25 s, reached}. */
    static String aim(String aim, boolean reached) {
        return aim + (reached ? ", reached" : ", missed");
    }

    String toMarkdown() {
        return "| %s | %s | %s | %s |".formatted(what, reached, aim, method);
    }

    String toTerminal() {
        return "%-46s %-34s %s".formatted(what, reached, aim.isEmpty() ? "" : "aim " + aim);
    }
}
