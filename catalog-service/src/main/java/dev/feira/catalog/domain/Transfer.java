package dev.feira.catalog.domain;

/** Moves goods between two accounts, which keeps their sum. */
public record Transfer(Account from, Account to) {

    public Transfer {
        if (from == to) {
            throw new IllegalArgumentException("a transfer needs two accounts");
        }
    }
}
