package dev.feira.order.catalog;

import java.util.List;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.loadbalancer.core.DelegatingServiceInstanceListSupplier;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import reactor.core.publisher.Flux;

/** Read by Spring Cloud for the catalog alone, in a context of its own; no configuration of the service. */
class CatalogLoadBalancerConfiguration {

    @Bean
    ServiceInstanceListSupplier withoutEjected(ConfigurableApplicationContext context, OutlierDetector outliers) {
        return ServiceInstanceListSupplier.builder()
                .withBlockingDiscoveryClient()
                .with((inner, delegate) -> new WithoutEjected(delegate, outliers))
                .build(context);
    }

    /** All instances but the suspects; all where there are only suspects. */
    private static final class WithoutEjected extends DelegatingServiceInstanceListSupplier {

        private final OutlierDetector outliers;

        WithoutEjected(ServiceInstanceListSupplier delegate, OutlierDetector outliers) {
            super(delegate);
            this.outliers = outliers;
        }

        @Override
        public Flux<List<ServiceInstance>> get() {
            return delegate.get().map(all -> {
                var well = all.stream()
                        .filter(instance -> !outliers.contains(instance))
                        .toList();
                return well.isEmpty() ? all : well;
            });
        }
    }
}
