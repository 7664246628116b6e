package dev.feira.benchmarks;

import java.util.List;

/** The statements of one transaction, in order; a statement outside of BEGIN and COMMIT is one of its own. */
record Transaction(List<Statement> statements) {

    String database() {
        return statements.getFirst().database();
    }

    boolean wrote() {
        return statements.stream().anyMatch(Statement::wrote);
    }

    /** What another run of the same code has the same. */
    List<String> pattern() {
        return statements.stream().map(Statement::sql).toList();
    }
}
