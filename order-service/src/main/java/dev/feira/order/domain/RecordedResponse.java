package dev.feira.order.domain;

import java.util.Arrays;
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
        return "RecordedResponse[" + status + ", " + body.length + " bytes]";
    }
}
