package dev.feira.benchmarks;

import dev.feira.local.client.Address;
import dev.feira.local.client.ApiProblem;
import dev.feira.local.client.FeiraClient;
import dev.feira.local.client.Line;
import dev.feira.local.client.Tokens;
import dev.feira.local.client.Unreachable;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** Places orders through the gateway: requests a card token, places the order, waits until it is confirmed. */
final class OrderClient {

    /** As many lines as {@code ./feira demo} orders. */
    static final int LINES = 3;

    private static final Duration WAIT = Duration.ofSeconds(5);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Address ADDRESS = new Address("Ana Ferreira", "Rua do Mercado 1", "1100-001", "Lisboa", "PT");

    private final FeiraClient client;
    private final List<String> skus;
    private final AtomicLong confirmed = new AtomicLong();

    /** @param skus the products that are ordered: adjacent ones from a random position */
    OrderClient(URI gateway, List<String> skus) {
        this.client = FeiraClient.at(LoadGenerator.loopback(gateway));
        this.skus = List.copyOf(skus);
    }

    /** Returns the number of orders confirmed so far. */
    long confirmed() {
        return confirmed.get();
    }

    /** Returns a call that places an order of so many lines; an order that fails ends the measurement. */
    LoadGenerator.Call order(Tokens customer, int lines) {
        var signedIn = client.with(customer);
        return () -> {
            place(signedIn, lines);
            return "";
        };
    }

    /** Returns a call that places an order; an order that fails is counted with its reason. */
    LoadGenerator.Call orderOrFail(Tokens customer) {
        var signedIn = client.with(customer);
        return () -> {
            try {
                place(signedIn, LINES);
                return "";
            } catch (ApiProblem | Unreachable | MeasurementFailed e) {
                return String.valueOf(e.getMessage());
            }
        };
    }

    private void place(FeiraClient signedIn, int count) {
        var first = ThreadLocalRandom.current().nextInt(skus.size());
        var lines = IntStream.range(0, count)
                .mapToObj(line -> new Line(skus.get((first + line) % skus.size()), 1))
                .toList();
        var card = signedIn.cardToken("4242424242424242");
        var order = signedIn.place(
                new FeiraClient.NewOrder(lines, ADDRESS, card, null),
                UUID.randomUUID().toString(),
                WAIT);
        if (!order.isFinal()) {
            order = signedIn.awaitFinal(order.id(), TIMEOUT);
        }
        if (!order.isConfirmed()) {
            throw new MeasurementFailed(
                    "Order %s is %s and not CONFIRMED: %s".formatted(order.id(), order.status(), order.rejection()));
        }
        confirmed.incrementAndGet();
    }
}
