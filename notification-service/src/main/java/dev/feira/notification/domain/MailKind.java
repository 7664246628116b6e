package dev.feira.notification.domain;

/** What a mail is about. The names are part of the API and of the keys of the texts. */
public enum MailKind {
    WELCOME(true),
    VERIFICATION(true),
    PASSWORD_RESET(true),
    PASSWORD_CHANGED(false),
    /** To the present address of an account. */
    EMAIL_CHANGE(true),
    /** To the new address of an account. */
    NEW_EMAIL(true),
    /** To both addresses, after the change. */
    EMAIL_CHANGED(false),
    ORDER_CONFIRMED(false),
    ORDER_REJECTED(false),
    ORDER_SHIPPED(false),
    ORDER_CANCELLED(false),
    ORDER_REFUNDED(false),
    /** To staff. */
    STOCK_LOW(false);

    private final boolean secret;

    MailKind(boolean secret) {
        this.secret = secret;
    }

    /** Returns whether the address may be a stranger's, who gets no text that somebody else has chosen. */
    public boolean isToUnprovenAddress() {
        return this == WELCOME || this == VERIFICATION || this == NEW_EMAIL;
    }

    /** Returns whether the mail has a link that acts for the recipient. */
    public boolean isSecret() {
        return secret;
    }
}
