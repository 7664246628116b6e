package dev.feira.user.domain;

import java.util.Locale;

/** What a person may do in the shop. */
public enum Role {
    /** Buys. */
    CUSTOMER,
    /** Looks after orders, products and stock. */
    STAFF,
    /** Looks after accounts and keys too. */
    ADMIN;

    /** Returns the name as tokens and JSON carry it, e.g. {@code customer}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
