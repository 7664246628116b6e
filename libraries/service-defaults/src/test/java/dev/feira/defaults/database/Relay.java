package dev.feira.defaults.database;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;

/** Forwards a port to the database. */
final class Relay implements AutoCloseable {

    private final ServerSocket listener;
    private final Thread acceptor;

    Relay(int port, int target) throws IOException {
        listener = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        acceptor = Thread.ofVirtual().start(() -> {
            while (!listener.isClosed()) {
                try {
                    var from = listener.accept();
                    var to = new Socket(InetAddress.getLoopbackAddress(), target);
                    pass(from, to);
                    pass(to, from);
                } catch (IOException e) {
                    return; // closed
                }
            }
        });
    }

    private static void pass(Socket from, Socket to) {
        Thread.ofVirtual().start(() -> {
            try (from;
                    to) {
                from.getInputStream().transferTo(to.getOutputStream());
            } catch (IOException e) {
                // one side closed; closes the other
            }
        });
    }

    /** Waits for the acceptor: a socket stays open while a virtual thread accepts from it. */
    @Override
    public void close() throws IOException {
        listener.close();
        try {
            acceptor.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns the port of the database itself. */
    static int portOf(JdbcConnectionDetails database) {
        return URI.create(database.getJdbcUrl().substring("jdbc:".length())).getPort();
    }
}
