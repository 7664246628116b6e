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
 * Closes each connection with its response while the service drains or is near its connection limit. A valve that runs before
 * the service's own valves, so that responses of those close the connection too.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-9.6">RFC 9112, section 9.6: the connection option "close"</a>
 */
final class ConnectionCloseValve extends ValveBase
        implements WebServerFactoryCustomizer<TomcatServletWebServerFactory>, Ordered {

    private final ConnectionLimit limit;
    private final ConnectionDraining draining;

    ConnectionCloseValve(ConnectionLimit limit, ConnectionDraining draining) {
        super(true);
        this.limit = limit;
        this.draining = draining;
    }

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.addEngineValves(this);
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        if (draining.hasBegun() || limit.isNear()) {
            response.setHeader("Connection", "close");
        }
        getNext().invoke(request, response);
    }
}
