package dev.feira.defaults.security;

import org.jspecify.annotations.Nullable;

/** Checks configured secrets. Not by annotations: Spring Boot logs the value that violates one. */
public final class SecretRules {

    private SecretRules() {}

    /**
     * Checks the length of a secret.
     *
     * @param property its name, for the message
     * @param secret null or blank if it is missing
     * @param shortest the least number of characters
     * @throws IllegalArgumentException the secret is missing or too short; the message does not contain it
     */
    public static void requireLength(String property, @Nullable String secret, int shortest) {
        if (secret == null || secret.isBlank() || secret.length() < shortest) {
            throw new IllegalArgumentException("%s %s: it needs at least %d characters"
                    .formatted(property, secret == null || secret.isBlank() ? "is missing" : "is too short", shortest));
        }
    }
}
