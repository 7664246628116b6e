package dev.feira.user.application;

/** A link of a message has no effect; the page says why. */
public final class InvalidLink extends RuntimeException {

    /** Why a link has no effect. */
    public enum Reason {
        /** It was used, or a newer one replaced it. */
        USED,
        EXPIRED,
        /** No such link was sent, or it is for something else. */
        UNKNOWN
    }

    private final Reason reason;

    InvalidLink(Reason reason) {
        super("the link is " + reason);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
