package dev.feira.gateway.routing;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.function.ServerResponse;

/** A service's answer on its way to the client. An answer that breaks off behind breaks off in front, too. */
final class ForwardedResponse implements ServerResponse {

    private static final int CHUNK = 32 * 1024;

    private final UpstreamClient.Answer answer;
    private final HttpHeaders headers;
    private final Budgets.Place place;

    ForwardedResponse(UpstreamClient.Answer answer, HttpHeaders headers, Budgets.Place place) {
        this.answer = answer;
        this.headers = headers;
        this.place = place;
        if (answer.rest() == null) {
            answer.close(); // all of it is here: neither connection nor place waits for a slow client
            place.close();
        }
    }

    @Override
    public HttpStatusCode statusCode() {
        return HttpStatusCode.valueOf(answer.status());
    }

    @Override
    public HttpHeaders headers() {
        return headers;
    }

    @Override
    public MultiValueMap<String, Cookie> cookies() {
        return new LinkedMultiValueMap<>();
    }

    @Override
    public @Nullable ModelAndView writeTo(HttpServletRequest request, HttpServletResponse response, Context context)
            throws IOException {
        try (answer;
                place) {
            response.setStatus(answer.status());
            headers.forEach((name, values) -> values.forEach(value -> response.addHeader(name, value)));
            var length = length(request);
            if (length >= 0) {
                response.setContentLengthLong(length);
            }
            var out = response.getOutputStream();
            out.write(answer.begin());
            var rest = answer.rest();
            if (rest != null) {
                var chunk = new byte[CHUNK];
                for (int count; (count = rest.read(chunk)) >= 0; ) {
                    out.write(chunk, 0, count);
                }
            }
            return null;
        }
    }

    private long length(HttpServletRequest request) {
        var declared = answer.headers().getFirst(HttpHeaders.CONTENT_LENGTH);
        var bodyless = "HEAD".equals(request.getMethod()) || List.of(204, 304).contains(answer.status());
        if (bodyless) {
            return declared == null || answer.status() != 200 ? -1 : Long.parseLong(declared);
        }
        if (answer.rest() == null) {
            return answer.begin().length;
        }
        return declared == null ? -1 : Long.parseLong(declared);
    }
}
