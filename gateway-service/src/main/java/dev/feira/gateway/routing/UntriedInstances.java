package dev.feira.gateway.routing;

import dev.feira.defaults.discovery.OutlierDetector;
import java.util.List;
import java.util.Set;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import reactor.core.publisher.Flux;

/**
 * Gives Spring Cloud LoadBalancer the instances to choose from: the live ones without those that this request has tried,
 * and without ejected ones as long as there are others. The discovery client reads from memory, so no cache is needed.
 */
class UntriedInstances {

    @Bean
    ServiceInstanceListSupplier candidates(
            Environment environment, DiscoveryClient discovery, OutlierDetector outliers) {
        var service = environment.getRequiredProperty(LoadBalancerClientFactory.PROPERTY_NAME);
        return new Candidates(service, discovery, outliers);
    }

    /** The context of a choice: addresses of instances that the request has tried. */
    record Tried(Set<String> instances) {}

    private record Candidates(String getServiceId, DiscoveryClient discovery, OutlierDetector outliers)
            implements ServiceInstanceListSupplier {

        @Override
        public Flux<List<ServiceInstance>> get() {
            return Flux.just(choose(Set.of()));
        }

        @Override
        public Flux<List<ServiceInstance>> get(Request request) {
            return Flux.just(choose(request.getContext() instanceof Tried(var instances) ? instances : Set.of()));
        }

        private List<ServiceInstance> choose(Set<String> tried) {
            var untried = discovery.getInstances(getServiceId).stream()
                    .filter(instance -> !tried.contains(Instances.address(instance)))
                    .toList();
            if (untried.size() < 2) {
                return untried;
            }
            var healthy = untried.stream()
                    .filter(instance -> !outliers.isEjected(Instances.address(instance)))
                    .toList();
            return healthy.isEmpty() ? untried : healthy;
        }
    }
}
