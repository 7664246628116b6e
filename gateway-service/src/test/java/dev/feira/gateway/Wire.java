package dev.feira.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A wire to a server on this machine that a test can cut, or let hang, and mend. */
final class Wire implements AutoCloseable {

    private final int target;
    private final int port;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile ServerSocket server;
    private volatile Thread acceptor;
    private volatile boolean hanging;

    Wire(int target) {
        this.target = target;
        this.server = listen(0);
        this.acceptor = accepting(server);
        this.port = server.getLocalPort();
    }

    int port() {
        return port;
    }

    /** Every connection ends and no new one is taken. */
    void cut() {
        close();
    }

    /** Connections stay, bytes do not pass any more: a network that drops everything. */
    void hang() {
        hanging = true;
    }

    void mend() {
        hanging = false;
        if (server.isClosed()) {
            server = listen(port);
            acceptor = accepting(server);
        } else {
            sockets.forEach(Wire::close); // those that hung have lost bytes
        }
    }

    private static ServerSocket listen(int port) {
        try {
            var listening = new ServerSocket();
            listening.setReuseAddress(true);
            listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return listening;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Thread accepting(ServerSocket listening) {
        return Thread.startVirtualThread(() -> accept(listening));
    }

    private void accept(ServerSocket listening) {
        while (!listening.isClosed()) {
            try {
                var near = listening.accept();
                var far = new Socket("localhost", target);
                sockets.add(near);
                sockets.add(far);
                Thread.startVirtualThread(() -> pump(near, far));
                Thread.startVirtualThread(() -> pump(far, near));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void pump(Socket from, Socket to) {
        var buffer = new byte[16 * 1024];
        try {
            for (int count; (count = from.getInputStream().read(buffer)) >= 0; ) {
                if (!hanging) {
                    to.getOutputStream().write(buffer, 0, count);
                }
            }
        } catch (IOException e) {
            // cut
        } finally {
            close(from);
            close(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Closes the port; no client can connect afterwards. A socket that a virtual thread accepts from stays open until
     * that thread ends, so this waits for it.
     */
    @Override
    public void close() {
        try {
            server.close();
            acceptor.join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sockets.forEach(Wire::close);
        sockets.clear();
    }
}
