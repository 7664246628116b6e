package dev.feira.defaults.server;

import dev.feira.defaults.FeiraProperties;
import java.net.InetAddress;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** Configures the warm-up at start, the characters of a query, the connection limit, and the draining before a stop. */
@AutoConfiguration
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(TomcatServletWebServerFactory.class)
@EnableConfigurationProperties(FeiraProperties.class)
class ServerAutoConfiguration {

    @Bean
    WarmUp warmUp(FeiraProperties properties, Environment environment) {
        return new WarmUp(properties.warmUp(), environment);
    }

    @Bean
    ConnectionLimit connectionLimit() {
        return ConnectionLimit.ofThisHeap();
    }

    /** Runs after Spring Boot's ordered customizer, which sets the configured limit. */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> connectionLimitCustomizer(ConnectionLimit limit) {
        return factory -> factory.addConnectorCustomizers(limit::limit);
    }

    @Bean
    @ConditionalOnProperty("feira.second-address")
    SecondAddress secondAddress(@Value("${feira.second-address}") InetAddress address) {
        return new SecondAddress(address);
    }

    @Bean
    QueryEncodingValve queryEncoding() {
        return new QueryEncodingValve();
    }

    @Bean
    ConnectionDraining draining(FeiraProperties properties) {
        return new ConnectionDraining(properties.shutdown().drain());
    }

    @Bean
    ConnectionCloseValve connectionEnd(ConnectionLimit limit, ConnectionDraining draining) {
        return new ConnectionCloseValve(limit, draining);
    }
}
