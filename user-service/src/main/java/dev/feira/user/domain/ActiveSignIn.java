package dev.feira.user.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A sign-in that still gives access.
 *
 * @param id its id, also the claim {@code sid} of ID tokens
 * @param clientId the OAuth client to which the user signed in
 * @param device the User-Agent of the request that began it, if known
 * @param signedInAt when the user signed in
 * @param lastUsedAt when it last got a token; a client renews them every few minutes while it is used
 * @param current whether the presented access token belongs to it
 */
public record ActiveSignIn(
        String id, String clientId, @Nullable String device, Instant signedInAt, Instant lastUsedAt, boolean current) {}
