package dev.feira.defaults.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** One kept-alive HTTP/1.1 connection. */
final class KeptConnection implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader responses;

    KeptConnection(int port) throws IOException {
        socket = new Socket("localhost", port);
        socket.setSoTimeout(5_000);
        responses = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
    }

    /** Sends a GET request and returns the head of the response; skips the body. */
    String get(String path) throws IOException {
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        var head = new StringBuilder();
        for (var line = responses.readLine(); line != null && !line.isEmpty(); line = responses.readLine()) {
            head.append(line).append('\n');
        }
        var length = head.toString().toLowerCase().split("content-length: ");
        if (length.length == 2) {
            responses.skip(Long.parseLong(length[1].lines().findFirst().orElseThrow()));
        }
        return head.toString();
    }

    boolean isAtItsEnd() throws IOException {
        return responses.read() == -1;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
