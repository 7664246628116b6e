package dev.feira.gateway.routing;

import java.util.function.Function;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.cloud.gateway.server.mvc.config.RouteProperties;
import org.springframework.cloud.gateway.server.mvc.handler.HandlerFunctionDefinition;
import org.springframework.cloud.loadbalancer.annotation.LoadBalancerClients;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Sends every {@code lb://} route through {@link Forwarding}. The gateway library chooses the instance once, outside of
 * all filters, so that its retry would ask the same instance again; and its HTTP exchange has one read timeout for all
 * routes and none for the whole answer.
 */
@Configuration(proxyBeanMethods = false)
@LoadBalancerClients(defaultConfiguration = UntriedInstances.class)
class RoutingConfiguration {

    private static final String LOAD_BALANCED_ROUTES = "lbHandlerFunctionDefinition";

    @Bean
    static BeanPostProcessor loadBalancedRoutesAreForwarded(ObjectProvider<Forwarding> forwarding) {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                return name.equals(LOAD_BALANCED_ROUTES) ? definitions(forwarding) : bean;
            }
        };
    }

    private static Function<RouteProperties, HandlerFunctionDefinition> definitions(
            ObjectProvider<Forwarding> forwarding) {
        return route -> new HandlerFunctionDefinition.Default(
                "lb", forwarding.getObject().to(RouteTarget.of(route)));
    }
}
