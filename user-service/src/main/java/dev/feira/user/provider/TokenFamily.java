package dev.feira.user.provider;

import java.time.Instant;

/** Names what is stored of an authorization, the family of all tokens of one sign-in, beyond the framework's fields. */
public final class TokenFamily {

    /** The attribute with the {@link Instant} of the sign-in. */
    public static final String CREATED_AT = "feira.created-at";

    /** The metadata of a refresh token that was used: a {@link Consumption}. */
    public static final String CONSUMPTION = "feira.consumption";

    private TokenFamily() {}

    /**
     * The use of a refresh token.
     *
     * @param at the first use
     * @param successors the number of refresh tokens issued since
     */
    public record Consumption(Instant at, int successors) {}
}
