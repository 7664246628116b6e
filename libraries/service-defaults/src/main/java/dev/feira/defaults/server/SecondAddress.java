package dev.feira.defaults.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.AbstractProtocol;
import org.apache.coyote.ProtocolHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.tomcat.CompressionConnectorCustomizer;
import org.springframework.boot.tomcat.TomcatConnectorCustomizer;
import org.springframework.boot.tomcat.TomcatProtocolHandlerCustomizer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;

/**
 * Lets the server listen on a second address at the same port: {@code server.address} names one only, and {@code localhost} is
 * {@code 127.0.0.1} on some machines and {@code ::1} on others. Left out where the machine does not have the address. Every
 * setting of the first address holds for the second, except HTTP/2, the server header, and TLS: a server with {@code server.ssl} does
 * not start. For development: each address may have all connections that fit into the heap.
 */
final class SecondAddress implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

    private static final Logger log = LoggerFactory.getLogger(SecondAddress.class);

    private final InetAddress address;

    SecondAddress(InetAddress address) {
        this.address = address;
    }

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        if (Ssl.isEnabled(factory.getSsl())) {
            throw new IllegalStateException("feira.second-address has no TLS: remove it, or server.ssl");
        }
        if (isOfThisMachine()) {
            factory.addConnectorCustomizers(new SecondConnector(factory, address));
        } else {
            log.info("This machine does not have the address {}", address.getHostAddress());
        }
    }

    private boolean isOfThisMachine() {
        try (var _ = new ServerSocket(0, 1, address)) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /** Adds the second connector when Spring Boot has configured the first: all customizers are known then, in any order. */
    private record SecondConnector(TomcatServletWebServerFactory factory, InetAddress address)
            implements TomcatConnectorCustomizer {

        @Override
        public void customize(Connector first) {
            var second = new Connector(TomcatServletWebServerFactory.DEFAULT_PROTOCOL);
            second.setPort(first.getPort());
            second.setURIEncoding(first.getURIEncoding());
            if (second.getProtocolHandler() instanceof AbstractProtocol<?> http) {
                http.setAddress(address);
                factory.getProtocolHandlerCustomizers().forEach(customizer -> customize(customizer, http));
            }
            if (factory.getCompression() != null) {
                new CompressionConnectorCustomizer(factory.getCompression()).customize(second);
            }
            factory.getConnectorCustomizers().stream()
                    .filter(customizer -> customizer != this)
                    .forEach(customizer -> customizer.customize(second));
            factory.addAdditionalConnectors(second);
        }

        @SuppressWarnings("unchecked") // as Spring Boot does for its own connector
        private static void customize(TomcatProtocolHandlerCustomizer<?> customizer, ProtocolHandler handler) {
            ((TomcatProtocolHandlerCustomizer<ProtocolHandler>) customizer).customize(handler);
        }
    }
}
