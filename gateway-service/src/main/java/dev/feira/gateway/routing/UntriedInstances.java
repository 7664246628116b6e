package dev.feira.gateway.routing;

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
 * What Spring Cloud LoadBalancer chooses from, for each service: the live instances, without those that this request
 * has asked already, and without suspects as long as there are others. The discovery client answers from memory, so
 * there is no cache to grow stale and no thread to wait on.
 */
class UntriedInstances {

    @Bean
    ServiceInstanceListSupplier candidates(Environment environment, DiscoveryClient discovery, OutlierDetector suspects) {
        var service = environment.getRequiredProperty(LoadBalancerClientFactory.PROPERTY_NAME);
        return new Candidates(service, discovery, suspects);
    }

    /** The context of a choice: instances, by {@link Instances#key}, that were asked already. */
    record Asked(Set<String> instances) {}

    private record Candidates(String getServiceId, DiscoveryClient discovery, OutlierDetector suspects)
            implements ServiceInstanceListSupplier {

        @Override
        public Flux<List<ServiceInstance>> get() {
            return Flux.just(choose(Set.of()));
        }

        @Override
        public Flux<List<ServiceInstance>> get(Request request) {
            return Flux.just(choose(request.getContext() instanceof Asked(var instances) ? instances : Set.of()));
        }

        private List<ServiceInstance> choose(Set<String> asked) {
            var untried = discovery.getInstances(getServiceId).stream()
                    .filter(instance -> !asked.contains(Instances.key(instance)))
                    .toList();
            if (untried.size() < 2) {
                return untried;
            }
            var healthy = untried.stream()
                    .filter(instance -> !suspects.contains(Instances.key(instance)))
                    .toList();
            return healthy.isEmpty() ? untried : healthy;
        }
    }
}
