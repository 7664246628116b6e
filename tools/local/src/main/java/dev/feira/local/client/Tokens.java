package dev.feira.local.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a sign-in gives.
 *
 * @param access the bearer token for the API
 * @param refresh to get new tokens without asking again; null where none was given
 * @param validFor how long the access token is good
 */
public record Tokens(String access, @Nullable String refresh, Duration validFor) {

    @Override
    public String toString() {
        return "Tokens[valid for " + validFor.toSeconds() + " s]";
    }
}
