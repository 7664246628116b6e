package dev.feira.defaults;

import java.time.Clock;
import org.apache.catalina.core.StandardHost;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.web.servlet.DispatcherServlet;

/** The clock, the problems, the connections and the leaving of every service. */
@AutoConfiguration(before = {WebMvcAutoConfiguration.class, ErrorMvcAutoConfiguration.class})
@EnableConfigurationProperties(FeiraProperties.class)
class ServiceAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
    @ConditionalOnClass(DispatcherServlet.class)
    static class Web {

        @Bean
        Problems problems(ObjectProvider<SchemaState> schema) {
            return new Problems(schema);
        }

        @Bean
        WarmUp warmUp(FeiraProperties properties, Environment environment) {
            return new WarmUp(properties.warmUp(), environment);
        }

        @Bean
        FilterRegistrationBean<RequestSizeLimit> requestSizeLimit(FeiraProperties properties) {
            var filter = new FilterRegistrationBean<>(new RequestSizeLimit(properties.requestSize()));
            filter.setOrder(Ordered.HIGHEST_PRECEDENCE + 1); // before anything reads a body
            return filter;
        }

        @Bean
        @ConditionalOnMissingBean(ErrorController.class)
        ProblemErrorController problemErrorController() {
            return new ProblemErrorController();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({TomcatServletWebServerFactory.class, StandardHost.class})
    static class Server {

        @Bean
        WebServerFactoryCustomizer<TomcatServletWebServerFactory> whatTheServerRefusesIsAProblem() {
            return factory -> factory.addContextCustomizers(context ->
                    ((StandardHost) context.getParent()).setErrorReportValveClass(ProblemReportValve.class.getName()));
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
    @ConditionalOnClass(TomcatServletWebServerFactory.class)
    static class Connections {

        @Bean
        ConnectionLimit connectionLimit() {
            return ConnectionLimit.ofThisHeap();
        }

        /** Comes after Spring Boot's own customizer, which has an order and sets what is configured. */
        @Bean
        WebServerFactoryCustomizer<TomcatServletWebServerFactory> limitsConnections(ConnectionLimit limit) {
            return factory -> factory.addConnectorCustomizers(limit::limit);
        }

        @Bean
        Draining draining(FeiraProperties properties) {
            return new Draining(properties.shutdown().drain());
        }

        @Bean
        ConnectionEnd connectionEnd(ConnectionLimit limit, Draining draining) {
            return new ConnectionEnd(limit, draining);
        }
    }

    /** Whether the schema is there, for services with and without a database. */
    interface SchemaState {
        boolean isReady();
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.flywaydb.core.Flyway")
    static class Schema {

        @Bean
        SchemaState schemaState(ObjectProvider<DatabaseMigration> migration) {
            return () -> {
                var found = migration.getIfAvailable();
                return found == null || found.isDone();
            };
        }
    }
}
