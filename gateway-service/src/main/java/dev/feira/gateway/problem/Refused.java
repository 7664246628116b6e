package dev.feira.gateway.problem;

/** Carries a {@link Failure} to where it is written; has no stack trace, since overload must stay cheap. */
public final class Refused extends RuntimeException {

    private final transient Failure failure;

    public Refused(Failure failure) {
        super(failure.detail(), null, false, false);
        this.failure = failure;
    }

    public Failure failure() {
        return failure;
    }
}
