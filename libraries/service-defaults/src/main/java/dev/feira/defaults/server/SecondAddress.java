package dev.feira.defaults.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.AbstractProtocol;
import org.apache.coyote.ProtocolHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.tomcat.TomcatProtocolHandlerCustomizer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.annotation.Order;

/**
 * Lets the server listen on a second address at the same port: {@code server.address} names one only, and {@code localhost} is
 * {@code 127.0.0.1} on some machines and {@code ::1} on others. Left out where the machine does not have the address.
 */
@Order // last: copies the threads that Spring Boot has configured
final class SecondAddress implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

    private static final Logger log = LoggerFactory.getLogger(SecondAddress.class);

    private final InetAddress address;

    SecondAddress(InetAddress address) {
        this.address = address;
    }

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        if (!isOfThisMachine()) {
            log.info("This machine does not have the address {}", address.getHostAddress());
            return;
        }
        var connector = new Connector(TomcatServletWebServerFactory.DEFAULT_PROTOCOL);
        connector.setPort(factory.getPort());
        if (connector.getProtocolHandler() instanceof AbstractProtocol<?> http) {
            http.setAddress(address);
            factory.getProtocolHandlerCustomizers().forEach(customizer -> customize(customizer, http));
        }
        factory.addAdditionalConnectors(connector);
    }

    @SuppressWarnings("unchecked") // as Spring Boot does for its own connector
    private static void customize(TomcatProtocolHandlerCustomizer<?> customizer, ProtocolHandler handler) {
        ((TomcatProtocolHandlerCustomizer<ProtocolHandler>) customizer).customize(handler);
    }

    private boolean isOfThisMachine() {
        try (var _ = new ServerSocket(0, 1, address)) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }
}
