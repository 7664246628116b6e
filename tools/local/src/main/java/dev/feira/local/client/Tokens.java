package dev.feira.local.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a sign-in.
 *
 * @param access the bearer token for the API
 * @param refresh the refresh token; null if the server sent none
 * @param validFor lifetime of the access token
 */
public record Tokens(String access, @Nullable String refresh, Duration validFor) {

    @Override
    public String toString() {
        return "Tokens[valid for " + validFor.toSeconds() + " s]";
    }
}
