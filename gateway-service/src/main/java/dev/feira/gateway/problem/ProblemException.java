package dev.feira.gateway.problem;

/** Carries a {@link GatewayProblem} to where it is written; has no stack trace, since overload must stay cheap. */
public final class ProblemException extends RuntimeException {

    private final transient GatewayProblem problem;

    public ProblemException(GatewayProblem problem) {
        super(problem.detail(), null, false, false);
        this.problem = problem;
    }

    public GatewayProblem problem() {
        return problem;
    }
}
