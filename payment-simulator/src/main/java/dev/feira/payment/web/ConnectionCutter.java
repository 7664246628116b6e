package dev.feira.payment.web;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/**
 * Closes the connection of a request without sending a response, like a crash between commit and response. Uses Tomcat's
 * pipeline, because the Servlet API cannot do it.
 */
@Component
class ConnectionCutter implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

    private static final String CUT = ConnectionCutter.class.getName();

    /** Closes the connection after the request has been processed. */
    static void cut(HttpServletRequest request) {
        request.setAttribute(CUT, Boolean.TRUE);
    }

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.addEngineValves(new Valve());
    }

    private static final class Valve extends ValveBase {

        Valve() {
            super(true);
        }

        @Override
        public void invoke(Request request, Response response) throws IOException, ServletException {
            getNext().invoke(request, response);
            if (request.getAttribute(CUT) != null) {
                response.getCoyoteResponse().action(ActionCode.CLOSE_NOW, null);
            }
        }
    }
}
