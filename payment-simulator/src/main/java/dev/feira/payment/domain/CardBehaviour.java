package dev.feira.payment.domain;

/** The behaviour of a test card, in the order of the documentation. */
public enum CardBehaviour {
    /** The charge succeeds immediately. */
    APPROVE,
    /** The charge is declined immediately. */
    DECLINE,
    /** The charge succeeds immediately, but each response of {@code POST /charges} is delayed. */
    ANSWER_LATE,
    /** The first two requests return 500 and charge nothing; the third one charges. */
    FAIL_TWICE,
    /** The charge succeeds, but the connection is closed without a response; a repeated request gets one. */
    CUT_CONNECTION,
    /** The charge is pending and succeeds later, reported by webhook. */
    APPROVE_LATER,
    /** The charge is pending and succeeds soon; the webhook is sent twice. */
    APPROVE_AND_TELL_TWICE,
    /** The charge is pending and declined later, reported by webhook. */
    DECLINE_LATER
}
