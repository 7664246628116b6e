package dev.feira.defaults.discovery;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;

/**
 * Returns the ready pods of each service in this pod's namespace. Watches the namespace's EndpointSlices and keeps the pods in
 * memory, so a lookup sends no request to the API server. While the API server is unavailable, it returns the last known pods
 * (docs/decisions/0028).
 */
final class KubernetesInstances implements DiscoveryClient, HealthIndicator, DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(KubernetesInstances.class);
    private static final String SERVICE = "kubernetes.io/service-name";

    private final String portName;
    private final SharedIndexInformer<EndpointSlice> slices;
    private volatile Map<String, List<ServiceInstance>> instances = Map.of();

    KubernetesInstances(KubernetesClient kubernetes, String namespace, String portName) {
        this.portName = portName;
        this.slices = kubernetes
                .discovery()
                .v1()
                .endpointSlices()
                .inNamespace(namespace)
                .runnableInformer(0);
        slices.addEventHandler(new ResourceEventHandler<>() {
            @Override
            public void onAdd(EndpointSlice slice) {
                refresh();
            }

            @Override
            public void onUpdate(EndpointSlice before, EndpointSlice slice) {
                refresh();
            }

            @Override
            public void onDelete(EndpointSlice slice, boolean finalStateUnknown) {
                refresh();
            }
        });
        slices.exceptionHandler((started, e) -> {
            log.warn("The API server is unavailable; the last known instances stay in use: {}", e.getMessage());
            return true; // retry
        });
        // in the background: the service starts without the API server and becomes ready after the first list
        slices.start();
    }

    private synchronized void refresh() {
        Map<String, Map<String, ServiceInstance>> found = new HashMap<>();
        var sorted = slices.getStore().list().stream()
                .sorted(Comparator.comparing(EndpointSlice::getAddressType)) // IPv4 before IPv6
                .toList();
        for (var slice : sorted) {
            var service = slice.getMetadata().getLabels() == null
                    ? null
                    : slice.getMetadata().getLabels().get(SERVICE);
            if (service != null) {
                // A dual-stack Service has a slice of each address family with the same pods
                var ready = found.computeIfAbsent(service, _ -> new LinkedHashMap<>());
                instances(service, slice).forEach(instance -> ready.putIfAbsent(instance.getInstanceId(), instance));
            }
        }
        Map<String, List<ServiceInstance>> latest = new HashMap<>();
        found.forEach((service, ready) -> latest.put(service, List.copyOf(ready.values())));
        if (!latest.equals(instances)) {
            instances = Map.copyOf(latest);
        }
    }

    private List<ServiceInstance> instances(String service, EndpointSlice slice) {
        var port = Objects.requireNonNullElse(
                        slice.getPorts(), List.<io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort>of())
                .stream()
                .filter(candidate -> portName.equals(candidate.getName()))
                .findFirst();
        if (port.isEmpty()) {
            return List.of();
        }
        List<ServiceInstance> ready = new ArrayList<>();
        for (var endpoint : slice.getEndpoints()) {
            var conditions = endpoint.getConditions();
            // the API defines an absent condition as ready; a terminating pod is not ready
            if (conditions == null || !Boolean.FALSE.equals(conditions.getReady())) {
                var pod = endpoint.getTargetRef() == null
                        ? null
                        : endpoint.getTargetRef().getName();
                endpoint.getAddresses()
                        .forEach(address -> ready.add(new DefaultServiceInstance(
                                pod == null ? address : pod,
                                service,
                                address,
                                port.get().getPort(),
                                false)));
            }
        }
        return ready;
    }

    @Override
    public String description() {
        return "ready pods by EndpointSlices";
    }

    @Override
    public List<ServiceInstance> getInstances(String service) {
        return instances.getOrDefault(service, List.of());
    }

    @Override
    public List<String> getServices() {
        return List.copyOf(instances.keySet());
    }

    /** Reports out of service before the first list; later outages of the API server do not change it. */
    @Override
    public Health health() {
        return slices.hasSynced()
                ? Health.up().withDetail("services", instances.size()).build()
                : Health.outOfService()
                        .withDetail("reason", "the first list of the API server is missing")
                        .build();
    }

    @Override
    public void destroy() {
        slices.close();
    }
}
