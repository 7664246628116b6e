package dev.feira.gateway.routing;

import dev.feira.gateway.problem.ProblemWriter;
import dev.feira.gateway.problem.GatewayProblem;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.function.ServerResponse;

/** The gateway's own answer in the place of a service's. */
record FailureResponse(GatewayProblem failure, ProblemWriter problems) implements ServerResponse {

    @Override
    public HttpStatusCode statusCode() {
        return failure.status();
    }

    @Override
    public HttpHeaders headers() {
        return new HttpHeaders();
    }

    @Override
    public MultiValueMap<String, Cookie> cookies() {
        return new LinkedMultiValueMap<>();
    }

    @Override
    public @Nullable ModelAndView writeTo(HttpServletRequest request, HttpServletResponse response, Context context)
            throws IOException {
        problems.write(request, response, failure);
        return null;
    }
}
