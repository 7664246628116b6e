package dev.feira.payment;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Receives webhooks like the shop; rejects a given number of them. */
final class ShopWebhook implements AutoCloseable {

    static final String SECRET = "the-webhook-secret-of-the-tests";

    private final JsonMapper json = new JsonMapper();
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final Queue<Integer> rejections = new ConcurrentLinkedQueue<>();
    private final HttpServer server;

    /** One received request. */
    record Received(String signature, String body, JsonNode event) {

        String text(String pointer) {
            return event.at(pointer).asString(null);
        }

        boolean isSignedBy(String secret) {
            var time = signature.substring(2, signature.indexOf(','));
            try {
                var mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
                var expected =
                        HexFormat.of().formatHex(mac.doFinal((time + "." + body).getBytes(StandardCharsets.UTF_8)));
                var age = Instant.now().getEpochSecond() - Long.parseLong(time);
                return signature.equals("t=" + time + ",v1=" + expected) && Math.abs(age) < 60;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    ShopWebhook() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/hook", exchange -> {
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            received.add(
                    new Received(exchange.getRequestHeaders().getFirst("Feira-Signature"), body, json.readTree(body)));
            var status = rejections.poll();
            exchange.sendResponseHeaders(status == null ? 204 : status, -1);
            exchange.close();
        });
        server.start();
    }

    String url() {
        return "http://localhost:" + server.getAddress().getPort() + "/hook";
    }

    void rejectNext(int... statuses) {
        for (var status : statuses) {
            rejections.add(status);
        }
    }

    /** Returns the requests of one order in the order of their arrival. */
    List<Received> about(String reference) {
        return received.stream()
                .filter(one -> reference.equals(one.text("/reference")))
                .toList();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
