package dev.feira.gateway.routing;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.impl.classic.RequestFailedException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.jspecify.annotations.Nullable;

/** Says why a service gave no response. Has no stack trace, since an outage makes many. */
public final class UpstreamException extends RuntimeException {

    /** How far the request came. */
    public enum Kind {
        /** No instance got anything: another one can be called, whatever the method. */
        NOT_REACHED,
        /** All pooled connections are in use: a limit of the gateway, not a failure of the service. */
        NO_CONNECTION,
        /** The connection was cut, or the instance does not speak HTTP. */
        BROKEN,
        /** The time was up. */
        TIMEOUT
    }

    private final Kind kind;

    public UpstreamException(Kind kind, @Nullable Throwable cause) {
        super(kind + (cause == null ? "" : ": " + cause.getMessage()), cause, false, false);
        this.kind = kind;
    }

    static UpstreamException of(@Nullable Throwable cause) {
        return new UpstreamException(
                switch (cause) {
                    case ConnectTimeoutException _ -> Kind.NOT_REACHED;
                    case ConnectionRequestTimeoutException _ -> Kind.NO_CONNECTION;
                    case RequestFailedException e
                    when e.getCause() instanceof InterruptedException ->
                        Kind.NO_CONNECTION; // while it waited for a connection
                    case ConnectException _ -> Kind.NOT_REACHED;
                    case UnknownHostException _ -> Kind.NOT_REACHED;
                    case NoRouteToHostException _ -> Kind.NOT_REACHED;
                    case SocketTimeoutException _ -> Kind.TIMEOUT;
                    case null, default -> Kind.BROKEN;
                },
                cause);
    }

    static UpstreamException noInstance(String service) {
        return new UpstreamException(Kind.NOT_REACHED, new IOException("no instance of " + service));
    }

    public Kind kind() {
        return kind;
    }
}
