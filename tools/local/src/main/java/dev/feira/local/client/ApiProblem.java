package dev.feira.local.client;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An error response of the API: an RFC 9457 problem, an OAuth error or an unexpected response.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457, problem details</a>
 */
public final class ApiProblem extends RuntimeException {

    private static final String PROBLEM = "urn:feira:problem:";

    private final int status;
    private final String type;
    private final @Nullable JsonNode body;

    ApiProblem(String request, int status, String type, String detail, @Nullable JsonNode body) {
        super(request + " returned " + status + (type.isEmpty() ? "" : " " + type)
                + (detail.isEmpty() ? "" : ": " + detail));
        this.status = status;
        this.type = type;
        this.body = body;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** The last part of Feira's problem type, e.g. {@code out-of-stock}; otherwise the full type or the OAuth error. */
    public String type() {
        return type;
    }

    /** The whole response if it is JSON. */
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
                request, status, type.startsWith(PROBLEM) ? type.substring(PROBLEM.length()) : type, detail, body);
    }
}
