package dev.feira.gateway.routing;

import dev.feira.defaults.discovery.OutlierDetector;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.httpcomponents.hc5.ObservationExecChainHandler;
import io.micrometer.core.instrument.binder.httpcomponents.hc5.PoolingHttpClientConnectionManagerMetricsBinder;
import io.micrometer.observation.ObservationRegistry;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.EofSensorInputStream;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.springframework.cloud.gateway.server.mvc.config.GatewayMvcProperties;
import org.springframework.cloud.loadbalancer.annotation.LoadBalancerClients;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.web.client.RestClient;
import tools.jackson.databind.json.JsonMapper;

/** The library's proxy over Apache HttpClient 5, with a pool of connections to the instances. */
@Configuration(proxyBeanMethods = false)
@LoadBalancerClients(defaultConfiguration = UntriedInstances.class)
class UpstreamConfiguration {

    /** Failures in a row that eject an instance. */
    private static final int FAILURES = 3;

    @Bean
    OutlierDetector outlierDetector(ForwardingProperties settings) {
        return new OutlierDetector(FAILURES, settings.ejectFor());
    }

    @Bean
    PoolingHttpClientConnectionManager upstreamConnections(ForwardingProperties settings, MeterRegistry metrics) {
        var connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setMaxConnTotal(settings.connections())
                .setMaxConnPerRoute(settings.connectionsPerInstance())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.of(settings.connectTimeout()))
                        // finds a connection that a killed instance left behind before a request is lost on it; takes
                        // up to 1 ms, so a busy connection is not checked
                        .setValidateAfterInactivity(TimeValue.ofMilliseconds(200))
                        .build())
                .setDefaultSocketConfig(SocketConfig.custom()
                        .setTcpNoDelay(true)
                        .setSoKeepAlive(true)
                        .build())
                .build();
        new PoolingHttpClientConnectionManagerMetricsBinder(connections, "services").bindTo(metrics);
        return connections;
    }

    @Bean
    CloseableHttpClient upstreamHttpClient(
            PoolingHttpClientConnectionManager connections,
            ForwardingProperties settings,
            ObservationRegistry observations) {
        return HttpClients.custom()
                .setConnectionManager(connections)
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(Timeout.of(settings.leaseTimeout()))
                        // for streamed bodies: a route's Deadline ends with the response buffer
                        .setResponseTimeout(Timeout.of(settings.responseTimeout()))
                        .build())
                .evictIdleConnections(TimeValue.of(settings.idle()))
                .disableAutomaticRetries() // RetryOnAnotherInstance
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableContentCompression() // bodies pass unchanged
                .disableAuthCaching()
                .disableDefaultUserAgent()
                .addExecInterceptorFirst("observation", new ObservationExecChainHandler(observations))
                .addExecInterceptorFirst("abort", UpstreamConfiguration::abortingOnClose)
                .build();
    }

    /**
     * Closes the connection of a response that is given up. The client would read the rest of its body, to use the
     * connection again: for as long as the service sends.
     */
    private static ClassicHttpResponse abortingOnClose(
            ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain) throws IOException, HttpException {
        var response = chain.proceed(request, scope);
        if (response.getEntity() != null) {
            response.setEntity(new HttpEntityWrapper(response.getEntity()) {
                @Override
                public InputStream getContent() throws IOException {
                    var content = super.getContent();
                    return content instanceof EofSensorInputStream body ? aborting(body) : content;
                }
            });
        }
        return response;
    }

    private static InputStream aborting(EofSensorInputStream body) {
        return new FilterInputStream(body) {
            @Override
            public void close() throws IOException {
                body.abort(); // does nothing after the end of the body
            }
        };
    }

    @Bean
    BufferingProxyExchange proxyExchange(
            CloseableHttpClient http, GatewayMvcProperties properties, ForwardingProperties settings, JsonMapper json) {
        var client = RestClient.builder()
                .requestFactory(new HttpComponentsClientHttpRequestFactory(http))
                .build();
        return new BufferingProxyExchange(
                client, properties, (int) settings.responseBuffer().toBytes(), json);
    }
}
