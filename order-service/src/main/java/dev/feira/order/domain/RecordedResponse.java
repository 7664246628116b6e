package dev.feira.order.domain;

import org.jspecify.annotations.Nullable;

/**
 * The response to a request, recorded so that a repeated request gets the same bytes.
 *
 * @param status e.g. 201
 * @param contentType of the body
 * @param location the URL of what was created, if any
 * @param etag its version, if any
 * @param body the bytes of the body
 */
public record RecordedResponse(
        int status,
        String contentType,
        @Nullable String location,
        @Nullable String etag,
        byte[] body) {}
