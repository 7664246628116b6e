package dev.feira.notification;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** An SMTP server that responds as a test wants. */
final class SmtpScript implements AutoCloseable {

    private final ServerSocket socket;
    private final Map<String, String> responses = new ConcurrentHashMap<>();
    final List<String> messages = new CopyOnWriteArrayList<>();

    SmtpScript() {
        try {
            socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    String url() {
        return "smtp://127.0.0.1:" + socket.getLocalPort();
    }

    /** Sets the response to a command; {@code end} is the end of a message, {@code close} as a response ends the connection, and {@code silence} is none. */
    SmtpScript on(String command, String response) {
        responses.put(command, response);
        return this;
    }

    SmtpScript asUsual(String command) {
        responses.remove(command);
        return this;
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                var connection = socket.accept();
                Thread.ofVirtual().start(() -> serve(connection));
            } catch (IOException _) {
                return;
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            var in = new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
            respond(connection, responses.getOrDefault("greeting", "220 test"));
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                var command = line.split("[ :]")[0];
                respond(connection, responses.getOrDefault(command, command.equals("DATA") ? "354 go" : "250 ok"));
                if (command.equals("DATA") && !responses.containsKey("DATA")) {
                    var message = new StringBuilder();
                    for (line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
                        message.append(line).append('\n');
                    }
                    messages.add(message.toString());
                    respond(connection, responses.getOrDefault("end", "250 queued"));
                }
            }
        } catch (IOException _) {
            // the client or the script has ended the connection
        }
    }

    private static void respond(Socket connection, String response) throws IOException {
        if (response.equals("close")) {
            connection.close();
            throw new IOException("closed by the script");
        }
        if (response.equals("silence")) {
            return;
        }
        connection.getOutputStream().write((response + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
