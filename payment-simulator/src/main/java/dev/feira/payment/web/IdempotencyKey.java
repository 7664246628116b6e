package dev.feira.payment.web;

/** Constants of idempotency keys. */
final class IdempotencyKey {

    static final String HEADER = "Idempotency-Key";

    /** Whether an earlier request with the same key was processed. */
    static final String REPEATED = "Idempotency-Replayed";

    static final String FORM = "[\\x21-\\x7E]{1,100}";
    static final String MESSAGE = "must have 1 to 100 visible ASCII characters";

    private IdempotencyKey() {}
}
