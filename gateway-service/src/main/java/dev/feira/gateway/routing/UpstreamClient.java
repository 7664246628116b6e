package dev.feira.gateway.routing;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.httpcomponents.hc5.ObservationExecChainHandler;
import io.micrometer.core.instrument.binder.httpcomponents.hc5.PoolingHttpClientConnectionManagerMetricsBinder;
import io.micrometer.observation.ObservationRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;

/**
 * Sends one request to one instance and has its answer by a given time, whatever the instance does: a connection that
 * is not made, an answer that does not begin and an answer that trickles all end at the limit.
 */
@Component
class UpstreamClient implements DisposableBean {

    private final PoolingHttpClientConnectionManager connections;
    private final CloseableHttpClient http;
    private final ScheduledThreadPoolExecutor clock;
    private final Timeout leaseTimeout;
    private final int buffer;

    /** The instance got nothing: another one can be asked, whatever the method. */
    static final class NotReached extends IOException {
        NotReached(IOException cause) {
            super(cause);
        }
    }

    /** The limit passed before the answer was there. */
    static final class TooLate extends IOException {
        TooLate() {
            super("no answer in time");
        }
    }

    /** All pooled connections to the instance are in use. */
    static final class NoConnection extends IOException {
        NoConnection(IOException cause) {
            super(cause);
        }
    }

    /**
     * What came back.
     *
     * @param begin the body, or its first part where {@code rest} is there
     * @param rest what is still to be read, under the same time limit for each read; null where nothing is
     */
    record Answer(
            int status,
            HttpHeaders headers,
            byte[] begin,
            @Nullable InputStream rest,
            AutoCloseable connection) implements AutoCloseable {

        /** The same answer with another body, complete and without what described the old one. */
        Answer withBody(byte[] body) {
            var described = new HttpHeaders();
            described.addAll(headers);
            described.remove(HttpHeaders.CONTENT_LENGTH);
            described.remove(HttpHeaders.ETAG);
            return new Answer(status, described, body, null, connection);
        }

        @Override
        public void close() {
            closeQuietly(connection);
        }
    }

    UpstreamClient(ForwardingProperties settings, MeterRegistry metrics, ObservationRegistry observations) {
        this.connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setMaxConnTotal(settings.connections())
                .setMaxConnPerRoute(settings.connectionsPerInstance())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.of(settings.connectTimeout()))
                        // a connection that a killed instance left behind is found before a request is lost on it;
                        // the check takes up to 1 ms, so a busy connection goes without
                        .setValidateAfterInactivity(TimeValue.ofMilliseconds(200))
                        .build())
                .setDefaultSocketConfig(SocketConfig.custom()
                        .setTcpNoDelay(true)
                        .setSoKeepAlive(true)
                        .build())
                .build();
        this.http = HttpClients.custom()
                .setConnectionManager(connections)
                .evictIdleConnections(TimeValue.of(settings.idle()))
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableContentCompression() // bodies pass as they are
                .disableAuthCaching()
                .disableDefaultUserAgent()
                .addExecInterceptorFirst("observation", new ObservationExecChainHandler(observations))
                .build();
        this.leaseTimeout = Timeout.of(settings.leaseTimeout());
        this.buffer = (int) settings.responseBuffer().toBytes();
        this.clock = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("deadlines").daemon().factory());
        clock.setRemoveOnCancelPolicy(true);
        new PoolingHttpClientConnectionManagerMetricsBinder(connections, "services").bindTo(metrics);
    }

    /**
     * Sends the request and reads the answer, up to the buffer's size.
     *
     * @param limit for all of it
     * @throws NotReached nothing was sent
     * @throws TooLate the limit passed
     * @throws NoConnection the pool is exhausted
     * @throws IOException the instance closed the connection, or does not speak HTTP
     */
    Answer send(String method, URI url, HttpHeaders headers, byte[] body, Duration limit) throws IOException {
        var request = new HttpUriRequestBase(method, url);
        headers.forEach((name, values) -> values.forEach(value -> request.addHeader(name, value)));
        if (body.length > 0) {
            // the content type is among the headers; an entity's own would be a second one
            request.setEntity(new ByteArrayEntity(body, (ContentType) null));
        }
        var context = HttpClientContext.create();
        context.setRequestConfig(RequestConfig.custom()
                .setConnectionRequestTimeout(shorter(leaseTimeout, limit))
                .setResponseTimeout(Timeout.of(limit))
                .build());
        var late = new AtomicBoolean();
        var alarm = clock.schedule(
                () -> {
                    late.set(true);
                    Thread.startVirtualThread(request::cancel); // closing a socket may take its time
                },
                limit.toNanos(),
                TimeUnit.NANOSECONDS);
        ClassicHttpResponse response = null;
        try {
            var target = new HttpHost(url.getScheme(), url.getHost(), url.getPort());
            response = http.executeOpen(target, request, context);
            var entity = response.getEntity();
            var stream = entity == null ? null : entity.getContent();
            var begin = stream == null ? new byte[0] : stream.readNBytes(buffer);
            if (late.get()) {
                throw new TooLate();
            }
            var all = new HttpHeaders();
            for (var header : response.getHeaders()) {
                all.add(header.getName(), header.getValue());
            }
            var answer = new Answer(response.getCode(), all, begin, begin.length < buffer ? null : stream, response);
            response = null;
            return answer;
        } catch (IOException | RuntimeException e) {
            throw explained(e, late.get());
        } finally {
            alarm.cancel(false);
            if (response != null) {
                closeQuietly(response);
            }
        }
    }

    /** A connection that was cut cannot even be closed well; what went wrong before is what counts. */
    private static void closeQuietly(AutoCloseable connection) {
        try {
            connection.close();
        } catch (Exception _) {
            // it is of no more use either way
        }
    }

    private static IOException explained(Exception e, boolean late) {
        return switch (e) {
            case TooLate already -> already;
            case ConnectTimeoutException unreachable -> new NotReached(unreachable);
            case org.apache.hc.core5.http.ConnectionRequestTimeoutException exhausted -> new NoConnection(exhausted);
            case ConnectException refused -> new NotReached(refused);
            case UnknownHostException unknown -> new NotReached(unknown);
            case NoRouteToHostException unreachable -> new NotReached(unreachable);
            case java.net.SocketTimeoutException _ -> new TooLate();
            case Exception _ when late -> new TooLate();
            case IOException broken -> broken;
            default -> new IOException(e);
        };
    }

    private static Timeout shorter(Timeout timeout, Duration limit) {
        return timeout.toDuration().compareTo(limit) <= 0 ? timeout : Timeout.of(limit);
    }

    @Override
    public void destroy() throws IOException {
        clock.shutdownNow();
        http.close();
        connections.close();
    }
}
