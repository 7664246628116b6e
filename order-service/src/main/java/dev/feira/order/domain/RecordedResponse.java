package dev.feira.order.domain;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a request, kept so that the same request gets the same bytes again.
 *
 * @param status e.g. 201
 * @param contentType of the body
 * @param location where the result is, if it made one
 * @param etag the result's version, if it made one
 * @param body the bytes that were sent
 */
public record RecordedResponse(
        int status,
        String contentType,
        @Nullable String location,
        @Nullable String etag,
        byte[] body) {

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RecordedResponse that
                && status == that.status
                && contentType.equals(that.contentType)
                && java.util.Objects.equals(location, that.location)
                && java.util.Objects.equals(etag, that.etag)
                && Arrays.equals(body, that.body);
    }

    @Override
    public int hashCode() {
        return 31 * status + Arrays.hashCode(body);
    }

    @Override
    public String toString() {
        return "RecordedAnswer[" + status + ", " + body.length + " bytes]";
    }
}
