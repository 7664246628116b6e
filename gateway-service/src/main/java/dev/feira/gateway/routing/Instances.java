package dev.feira.gateway.routing;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.loadbalancer.DefaultRequest;
import org.springframework.cloud.client.loadbalancer.LoadBalancerClient;
import org.springframework.stereotype.Component;

/** The instances of each service, who gets the next request, and the calls that each one got from this replica. */
@Component
public class Instances {

    private final LoadBalancerClient loadBalancer;
    private final DiscoveryClient discovery;
    private final OutlierDetector suspects;
    private final MeterRegistry metrics;
    private final Map<String, Calls> calls = new ConcurrentHashMap<>();

    private record Calls(LongAdder all, LongAdder failed) {}

    /**
     * One instance of a service.
     *
     * @param address {@code host:port}
     * @param calls requests sent to it by this replica since its start
     * @param failures those of them that it did not answer, or answered with 500, 502 or 504
     * @param suspect whether it gets no requests at the moment because it failed
     */
    public record Report(String id, String address, long calls, long failures, boolean suspect) {}

    Instances(LoadBalancerClient loadBalancer, DiscoveryClient discovery, OutlierDetector suspects, MeterRegistry metrics) {
        this.loadBalancer = loadBalancer;
        this.discovery = discovery;
        this.suspects = suspects;
        this.metrics = metrics;
    }

    /** Chooses an instance that is not among {@code asked}; empty where there is none. */
    Optional<ServiceInstance> choose(String service, Set<String> asked) {
        return Optional.ofNullable(loadBalancer.choose(service, new DefaultRequest<>(new UntriedInstances.Asked(asked))));
    }

    /** Whether an instance besides those in {@code asked} exists. */
    boolean anotherThan(String service, Set<String> asked) {
        return discovery.getInstances(service).stream().anyMatch(instance -> !asked.contains(key(instance)));
    }

    void answered(String service, String instance) {
        count(service, instance, "answered");
        suspects.answered(instance);
    }

    void failed(String service, String instance) {
        count(service, instance, "failed");
        counted(instance).failed.increment();
        suspects.failed(instance);
    }

    void notReached(String service, String instance) {
        count(service, instance, "not-reached");
        counted(instance).failed.increment();
        suspects.notReached(instance);
    }

    /** Returns the instances of {@code service}, in a stable order. */
    public List<Report> report(String service) {
        return discovery.getInstances(service).stream()
                .map(instance -> {
                    var key = key(instance);
                    var counted = counted(key);
                    var id = instance.getInstanceId();
                    return new Report(
                            id == null || id.isBlank() ? key : id,
                            key,
                            counted.all.sum(),
                            counted.failed.sum(),
                            suspects.contains(key));
                })
                .sorted(Comparator.comparing(Report::address))
                .toList();
    }

    static String key(ServiceInstance instance) {
        return instance.getHost() + ":" + instance.getPort();
    }

    private void count(String service, String instance, String outcome) {
        counted(instance).all.increment();
        metrics.counter("feira.gateway.calls", "service", service, "outcome", outcome)
                .increment();
    }

    private Calls counted(String instance) {
        return calls.computeIfAbsent(instance, _ -> new Calls(new LongAdder(), new LongAdder()));
    }
}
