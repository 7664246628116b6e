package dev.feira.defaults.server;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.AbstractProtocol;
import org.springframework.util.unit.DataSize;

/**
 * Limits the open connections to what fits into the heap, even if {@code server.tomcat.max-connections} is higher: too many
 * connections would end the process with an {@code OutOfMemoryError}. Further connections wait in the operating system's
 * queue ({@code server.tomcat.accept-count}). Above three quarters of the limit, {@link ConnectionCloseValve} closes each
 * connection with its response.
 */
final class ConnectionLimit {

    /** Heap in use without any request, and headroom for the garbage collector. */
    private static final DataSize BASELINE = DataSize.ofMegabytes(64);

    /**
     * Heap for one connection: Tomcat's buffers (75 KiB), the thread's stack, the request. Measured with 690 concurrent
     * requests: 100 KiB live for each; the rest is garbage that is not collected yet.
     */
    private static final DataSize PER_CONNECTION = DataSize.ofKilobytes(192);

    private static final int MIN_CONNECTIONS = 128;

    private final DataSize heap;
    private final List<AbstractProtocol<?>> limited = new CopyOnWriteArrayList<>();

    ConnectionLimit(DataSize heap) {
        this.heap = heap;
    }

    /** Returns the limit for the heap of this process. */
    static ConnectionLimit ofThisHeap() {
        return new ConnectionLimit(DataSize.ofBytes(Runtime.getRuntime().maxMemory()));
    }

    /** Returns the number of connections that fit into the heap; at least {@value #MIN_CONNECTIONS}. */
    int connections() {
        var room = (heap.toBytes() - BASELINE.toBytes()) / PER_CONNECTION.toBytes();
        return (int) Math.clamp(room, MIN_CONNECTIONS, Integer.MAX_VALUE);
    }

    /** Lowers the limit of a connector that Spring Boot has configured. */
    void limit(Connector connector) {
        if (connector.getProtocolHandler() instanceof AbstractProtocol<?> http) {
            http.setMaxConnections(Math.min(http.getMaxConnections(), connections()));
            limited.add(http);
        }
    }

    /** Returns whether more than three quarters of the connections of an address are in use. */
    boolean isNear() {
        return limited.stream().anyMatch(http -> http.getConnectionCount() * 4 > http.getMaxConnections() * 3L);
    }
}
