package dev.feira.test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Sends requests whose target Java's HTTP client rejects, such as {@code /products?q=a|b}. */
public final class RawRequest {

    private static final int TIMEOUT_MILLIS = 10_000;

    private RawRequest() {}

    /** Sends a GET request and returns head and body of the response. */
    public static String get(int port, String target, String... headers) throws IOException {
        var request = new StringBuilder("GET " + target + " HTTP/1.1\r\nHost: localhost:" + port + "\r\n");
        for (var header : headers) {
            request.append(header).append("\r\n");
        }
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream()
                    .write(request.append("Connection: close\r\n\r\n")
                            .toString()
                            .getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
