package dev.feira.defaults.server;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.Locale;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;

/**
 * Accepts the characters of a query that browsers send as they are although RFC 3986 excludes them, and percent-encodes them.
 * Whatever reads the query later, such as {@link java.net.URI} in a proxy, gets a valid one with the same meaning. In a path
 * these characters stay invalid.
 *
 * @see <a href="https://url.spec.whatwg.org/#query-percent-encode-set">URL standard, query percent-encode set</a>
 */
final class QueryEncodingValve extends ValveBase
        implements WebServerFactoryCustomizer<TomcatServletWebServerFactory>, Ordered {

    private static final String UNENCODED_BY_BROWSERS = "[\\]^`{|}";

    QueryEncodingValve() {
        super(true);
    }

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.addConnectorCustomizers(connector -> connector.setProperty("relaxedQueryChars", UNENCODED_BY_BROWSERS));
        factory.addEngineValves(this);
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        var query = request.getQueryString();
        if (query != null && query.chars().anyMatch(QueryEncodingValve::isUnencoded)) {
            request.getCoyoteRequest().queryString().setString(encoded(query));
        }
        getNext().invoke(request, response);
    }

    private static boolean isUnencoded(int character) {
        return UNENCODED_BY_BROWSERS.indexOf(character) >= 0;
    }

    private static String encoded(String query) {
        var encoded = new StringBuilder(query.length() + 16);
        query.chars().forEach(character -> {
            if (isUnencoded(character)) {
                encoded.append('%').append(Integer.toHexString(character).toUpperCase(Locale.ROOT));
            } else {
                encoded.append((char) character);
            }
        });
        return encoded.toString();
    }
}
