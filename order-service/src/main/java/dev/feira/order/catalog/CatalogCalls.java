package dev.feira.order.catalog;

import dev.feira.defaults.discovery.OutlierDetector;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.CompletionContext;
import org.springframework.cloud.client.loadbalancer.LoadBalancerLifecycle;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.cloud.client.loadbalancer.ResponseData;
import org.springframework.stereotype.Component;

/** Ejects an instance of the catalog for 2 s after a failed call or a 5xx response. */
@Component
class CatalogCalls implements LoadBalancerLifecycle<Object, Object, ServiceInstance> {

    private final OutlierDetector outliers = new OutlierDetector(1, Duration.ofSeconds(2));

    boolean isEjected(ServiceInstance instance) {
        return outliers.isEjected(address(instance));
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
            outliers.failed(address(instance));
        } else {
            outliers.responded(address(instance));
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
