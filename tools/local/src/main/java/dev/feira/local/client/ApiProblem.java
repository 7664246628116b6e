package dev.feira.local.client;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The API refused: an RFC 9457 problem, or an OAuth error, or any other answer that is not the expected one.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457, problem details</a>
 */
public final class ApiProblem extends RuntimeException {

    private static final String OURS = "urn:feira:problem:";

    private final int status;
    private final String type;
    private final @Nullable JsonNode body;

    ApiProblem(String request, int status, String type, String detail, @Nullable JsonNode body) {
        super(request + " answered " + status + (type.isEmpty() ? "" : " " + type)
                + (detail.isEmpty() ? "" : ": " + detail));
        this.status = status;
        this.type = type;
        this.body = body;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** The last part of Feira's problem type, e.g. {@code out-of-stock}; another's type or OAuth error as it is. */
    public String type() {
        return type;
    }

    /** The whole answer, where it was JSON. */
    public @Nullable JsonNode body() {
        return body;
    }

    static ApiProblem of(String request, int status, @Nullable JsonNode body) {
        if (body == null || !body.isObject()) {
            return new ApiProblem(request, status, "", "", body);
        }
        var type = body.path("type").asString(body.path("error").asString(""));
        var detail = body.path("detail").asString(body.path("error_description").asString(""));
        return new ApiProblem(
                request, status, type.startsWith(OURS) ? type.substring(OURS.length()) : type, detail, body);
    }
}
