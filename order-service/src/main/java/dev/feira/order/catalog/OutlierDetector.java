package dev.feira.order.catalog;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.CompletionContext;
import org.springframework.cloud.client.loadbalancer.LoadBalancerLifecycle;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.cloud.client.loadbalancer.ResponseData;
import org.springframework.stereotype.Component;

/**
 * Ejects an instance from load balancing for 2 s after a failed call or a 5xx response. Round robin would send every other
 * call to a failing instance of two.
 */
@Component
class OutlierDetector implements LoadBalancerLifecycle<Object, Object, ServiceInstance> {

    private static final Duration EJECTION = Duration.ofSeconds(2);

    private final Map<String, Long> ejectedUntil = new ConcurrentHashMap<>();

    boolean isEjected(ServiceInstance instance) {
        var end = ejectedUntil.get(address(instance));
        return end != null && end - System.nanoTime() > 0;
    }

    @Override
    public void onStart(Request<Object> request) {}

    @Override
    public void onStartRequest(Request<Object> request, Response<ServiceInstance> chosen) {}

    @Override
    public void onComplete(CompletionContext<Object, ServiceInstance, Object> call) {
        var chosen = call.getLoadBalancerResponse();
        var instance = chosen == null ? null : chosen.getServer();
        if (instance == null) {
            return;
        }
        if (call.status() == CompletionContext.Status.FAILED || isServerError(call.getClientResponse())) {
            ejectedUntil.put(address(instance), System.nanoTime() + EJECTION.toNanos());
        } else {
            ejectedUntil.remove(address(instance));
        }
    }

    private static boolean isServerError(@Nullable Object response) {
        var status = response instanceof ResponseData data ? data.getHttpStatus() : null;
        return status != null && status.is5xxServerError();
    }

    private static String address(ServiceInstance instance) {
        return instance.getHost() + ":" + instance.getPort();
    }
}
