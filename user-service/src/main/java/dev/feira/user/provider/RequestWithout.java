package dev.feira.user.provider;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriUtils;

/** A request without some of its parameters, all of which are in its query. */
final class RequestWithout extends HttpServletRequestWrapper {

    private final Map<String, String[]> parameters;

    RequestWithout(HttpServletRequest request, Set<String> names) {
        super(request);
        var kept = new LinkedHashMap<>(request.getParameterMap());
        kept.keySet().removeAll(names);
        parameters = Collections.unmodifiableMap(kept);
    }

    /** Encodes parameters as a query. */
    static String query(Map<String, String[]> parameters) {
        var query = new StringBuilder();
        parameters.forEach((name, values) -> {
            for (var value : values) {
                query.append(query.isEmpty() ? "" : "&")
                        .append(encoded(name))
                        .append('=')
                        .append(encoded(value));
            }
        });
        return query.toString();
    }

    private static String encoded(String text) {
        return UriUtils.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public String getQueryString() {
        return query(parameters);
    }

    @Override
    public Map<String, String[]> getParameterMap() {
        return parameters;
    }

    @Override
    public Enumeration<String> getParameterNames() {
        return Collections.enumeration(parameters.keySet());
    }

    @Override
    public String @Nullable [] getParameterValues(String name) {
        return parameters.get(name);
    }

    @Override
    public @Nullable String getParameter(String name) {
        var values = parameters.get(name);
        return values == null ? null : values[0];
    }
}
