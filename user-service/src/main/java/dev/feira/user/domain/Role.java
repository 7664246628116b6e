package dev.feira.user.domain;

import java.util.Locale;

/** The permissions of a user. */
public enum Role {
    /** Buys products. */
    CUSTOMER,
    /** Manages orders, products and stock. */
    STAFF,
    /** Manages accounts and signing keys, too. */
    ADMIN;

    /** Returns the name in tokens and JSON, e.g. {@code customer}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
