package dev.feira.defaults.problem;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;

/**
 * Creates problem details with Feira's stable types.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457, problem details</a>
 */
public final class Problem {

    private static final String PREFIX = "urn:feira:problem:";

    private Problem() {}

    /**
     * Creates a problem.
     *
     * @param status the HTTP status
     * @param kind the last part of the type, in kebab case, e.g. {@code order-not-found}
     * @param detail what happened and what to do, for people; never a secret or an internal exception's message
     */
    public static ProblemDetail of(HttpStatusCode status, String kind, @Nullable String detail) {
        var problem =
                detail == null ? ProblemDetail.forStatus(status) : ProblemDetail.forStatusAndDetail(status, detail);
        problem.setType(type(kind));
        return problem;
    }

    /** Returns the stable type, e.g. {@code urn:feira:problem:order-not-found}. */
    public static URI type(String kind) {
        return URI.create(PREFIX + kind);
    }
}
