package dev.feira.order.catalog;

import java.util.List;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.loadbalancer.core.DelegatingServiceInstanceListSupplier;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import reactor.core.publisher.Flux;

/** Configures Spring Cloud LoadBalancer for the catalog, in its own context; therefore no {@code @Configuration}. */
class CatalogLoadBalancerConfiguration {

    @Bean
    ServiceInstanceListSupplier withoutEjected(ConfigurableApplicationContext context, CatalogCalls calls) {
        return ServiceInstanceListSupplier.builder()
                .withBlockingDiscoveryClient()
                .with((inner, delegate) -> new WithoutEjected(delegate, calls))
                .build(context);
    }

    /** Supplies the instances that are not ejected, or all if every instance is. */
    private static final class WithoutEjected extends DelegatingServiceInstanceListSupplier {

        private final CatalogCalls calls;

        WithoutEjected(ServiceInstanceListSupplier delegate, CatalogCalls calls) {
            super(delegate);
            this.calls = calls;
        }

        @Override
        public Flux<List<ServiceInstance>> get() {
            return delegate.get().map(all -> {
                var healthy = all.stream()
                        .filter(instance -> !calls.isEjected(instance))
                        .toList();
                return healthy.isEmpty() ? all : healthy;
            });
        }
    }
}
