package dev.feira.gateway.routing;

import dev.feira.defaults.discovery.OutlierDetector;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.loadbalancer.DefaultRequest;
import org.springframework.cloud.client.loadbalancer.LoadBalancerClient;
import org.springframework.stereotype.Component;

/** Chooses instances of services, and counts the calls of this replica to each. */
@Component
public class Instances {

    private final LoadBalancerClient loadBalancer;
    private final DiscoveryClient discovery;
    private final OutlierDetector outliers;
    private final MeterRegistry metrics;
    private final Map<String, Calls> calls = new ConcurrentHashMap<>();

    private record Calls(LongAdder all, LongAdder failed) {}

    /**
     * Describes an instance of a service for the platform page.
     *
     * @param address {@code host:port}
     * @param calls requests sent to it by this replica since its start
     * @param failures calls without a response, or with 500, 502 or 504
     * @param ejected whether new requests avoid it at the moment
     */
    public record Report(String id, String address, long calls, long failures, boolean ejected) {}

    Instances(
            LoadBalancerClient loadBalancer,
            DiscoveryClient discovery,
            OutlierDetector outliers,
            MeterRegistry metrics) {
        this.loadBalancer = loadBalancer;
        this.discovery = discovery;
        this.outliers = outliers;
        this.metrics = metrics;
    }

    /**
     * Chooses an instance that is not among {@code tried}.
     *
     * @throws UpstreamException of kind {@code NOT_REACHED} without one
     */
    public ServiceInstance choose(String service, Set<String> tried) {
        var chosen = loadBalancer.choose(service, new DefaultRequest<>(new UntriedInstances.Tried(tried)));
        if (chosen == null) {
            throw UpstreamException.noInstance(service);
        }
        return chosen;
    }

    /** Returns how many instances the service has. */
    public int count(String service) {
        return discovery.getInstances(service).size();
    }

    /** Records a response that is no failure. */
    public void responded(String service, String address) {
        count(service, address, "answered");
        outliers.responded(address);
    }

    /** Records a response of 500, 502 or 504, or none. */
    public void failed(String service, String address) {
        count(service, address, "failed");
        counted(address).failed.increment();
        outliers.failed(address);
    }

    /** Records that no connection was made. */
    public void notReached(String service, String address) {
        count(service, address, "not-reached");
        counted(address).failed.increment();
        outliers.notReached(address);
    }

    /** Returns the instances of {@code service}, in a stable order. */
    public List<Report> report(String service) {
        return discovery.getInstances(service).stream()
                .map(instance -> {
                    var key = address(instance);
                    var counted = counted(key);
                    var id = instance.getInstanceId();
                    return new Report(
                            id == null || id.isBlank() ? key : id,
                            key,
                            counted.all.sum(),
                            counted.failed.sum(),
                            outliers.isEjected(key));
                })
                .sorted(Comparator.comparing(Report::address))
                .toList();
    }

    /** Returns {@code host:port}; an IPv6 address gets its brackets. */
    public static String address(ServiceInstance instance) {
        var host = instance.getHost();
        var literal = host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
        return literal + ":" + instance.getPort();
    }

    /** Returns the address as a URL without path. */
    public static URI url(ServiceInstance instance) {
        return URI.create((instance.isSecure() ? "https://" : "http://") + address(instance));
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
