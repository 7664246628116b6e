package dev.feira.payment.domain;

/** What happens when a card is charged. The order of the constants is the order of the documentation. */
public enum CardBehaviour {
    /** The charge succeeds at once. */
    APPROVE,
    /** The charge is refused at once. */
    DECLINE,
    /** The charge succeeds at once, but every answer about it by {@code POST /charges} is held back for a while. */
    ANSWER_LATE,
    /** The first two requests fail with 500 and charge nothing, the third charges. */
    FAIL_TWICE,
    /** The charge succeeds, then the connection is closed without an answer; a repeated request is answered. */
    CUT_CONNECTION,
    /** The charge is pending, succeeds later, and a webhook tells so. */
    APPROVE_LATER,
    /** The charge is pending, succeeds soon, and the webhook that tells so is sent twice. */
    APPROVE_AND_TELL_TWICE,
    /** The charge is pending, is refused later, and a webhook tells so. */
    DECLINE_LATER
}
