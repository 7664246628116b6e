package dev.feira.defaults.server;

import org.apache.catalina.connector.Connector;
import org.apache.coyote.AbstractProtocol;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/**
 * Keeps no more connections to the service's own port open than the heap has room for, whatever
 * {@code server.tomcat.max-connections} says: a crowd, or somebody who only holds connections open, would otherwise end the
 * process with an {@code OutOfMemoryError}. Those who come on top wait in the system's queue, {@code
 * server.tomcat.accept-count} of them. And once three quarters are in use, {@link ConnectionCloseValve} lets each answer end its
 * connection, so that those who come next find one.
 */
final class ConnectionLimit {

    /** What the service has in its heap without any request, and what a collection needs to be quick. */
    private static final DataSize ITSELF = DataSize.ofMegabytes(64);

    /**
     * Tomcat's buffers (about 75 KiB), the stack of the thread, what it reads; about 100 KiB were live for each of 690
     * requests at once, and as much again is garbage that no collection has found yet.
     */
    private static final DataSize CONNECTION = DataSize.ofKilobytes(192);

    private static final int LEAST = 128;

    private final DataSize heap;
    private volatile @Nullable AbstractProtocol<?> protocol;

    ConnectionLimit(DataSize heap) {
        this.heap = heap;
    }

    /** Of this process. */
    static ConnectionLimit ofThisHeap() {
        return new ConnectionLimit(DataSize.ofBytes(Runtime.getRuntime().maxMemory()));
    }

    /** Returns how many connections there is room for; {@value #LEAST} at least. */
    int connections() {
        var room = (heap.toBytes() - ITSELF.toBytes()) / CONNECTION.toBytes();
        return (int) Math.clamp(room, LEAST, Integer.MAX_VALUE);
    }

    /** Limits the connector, which has been configured. */
    void limit(Connector connector) {
        if (connector.getProtocolHandler() instanceof AbstractProtocol<?> http) {
            http.setMaxConnections(Math.min(http.getMaxConnections(), connections()));
            protocol = http;
        }
    }

    /** Whether three quarters of the connections are in use. */
    boolean isNear() {
        var http = protocol;
        return http != null && http.getConnectionCount() * 4 > http.getMaxConnections() * 3L;
    }
}
