package dev.feira.defaults.server;

import jakarta.servlet.ServletException;
import java.io.IOException;
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
 * @see QueryCharacters
 */
final class QueryEncodingValve extends ValveBase
        implements WebServerFactoryCustomizer<TomcatServletWebServerFactory>, Ordered {

    QueryEncodingValve() {
        super(true);
    }

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.addConnectorCustomizers(
                connector -> connector.setProperty("relaxedQueryChars", QueryCharacters.UNENCODED_BY_BROWSERS));
        factory.addEngineValves(this);
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        var query = request.getQueryString();
        if (query != null) {
            request.getCoyoteRequest().queryString().setString(QueryCharacters.encode(query));
        }
        getNext().invoke(request, response);
    }
}
