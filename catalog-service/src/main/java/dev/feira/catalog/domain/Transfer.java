package dev.feira.catalog.domain;

/** Goods change the account: none appear, none vanish. */
public record Transfer(Account from, Account to) {

    public Transfer {
        if (from == to) {
            throw new IllegalArgumentException("a transfer has two sides");
        }
    }
}
