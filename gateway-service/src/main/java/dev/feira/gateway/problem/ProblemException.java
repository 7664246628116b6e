package dev.feira.gateway.problem;

/** Carries a {@link GatewayProblem} to where it is written; has no stack trace, since overload must stay cheap. */
public final class ProblemException extends RuntimeException {

    private final transient GatewayProblem failure;

    public ProblemException(GatewayProblem failure) {
        super(failure.detail(), null, false, false);
        this.failure = failure;
    }

    public GatewayProblem failure() {
        return failure;
    }
}
