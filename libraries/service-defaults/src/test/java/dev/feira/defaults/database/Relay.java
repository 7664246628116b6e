package dev.feira.defaults.database;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;

/** The database at another port, answered late: bytes pass both ways. */
final class Relay implements AutoCloseable {

    private final ServerSocket door;
    private final Thread doorkeeper;

    Relay(int port, int target) throws IOException {
        door = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        doorkeeper = Thread.ofVirtual().start(() -> {
            while (!door.isClosed()) {
                try {
                    var from = door.accept();
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
                // one side closed: so does the other
            }
        });
    }

    /** Nobody gets in once this returns: a socket that a virtual thread accepts from is open until that thread has seen its end. */
    @Override
    public void close() throws IOException {
        door.close();
        try {
            doorkeeper.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Where the database really is. */
    static int portOf(JdbcConnectionDetails database) {
        return URI.create(database.getJdbcUrl().substring("jdbc:".length())).getPort();
    }
}
