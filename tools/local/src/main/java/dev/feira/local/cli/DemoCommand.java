package dev.feira.local.cli;

import dev.feira.local.StartFailure;
import dev.feira.local.client.Address;
import dev.feira.local.client.CardToken;
import dev.feira.local.client.FeiraClient;
import dev.feira.local.client.FeiraClient.NewOrder;
import dev.feira.local.client.Line;
import dev.feira.local.client.Order;
import dev.feira.local.client.Product;
import dev.feira.local.client.Quote;
import dev.feira.local.client.Tokens;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "demo",
        description = "Signs in a demo customer and places an order through the public API, step by step.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int WIDTH = 58;

    @Mixin
    private TargetOptions target = new TargetOptions();

    @Option(names = "--device", description = "sign in on another device: shows a code and the page for it")
    private boolean device;

    @Option(
            names = "--card",
            paramLabel = "NUMBER",
            description = "a card of the payment simulator; default: ${DEFAULT-VALUE}, which is approved",
            defaultValue = "4242 4242 4242 4242")
    private String card = "";

    private final Terminal terminal = Terminal.standard();
    private int step;
    private long stepStarted;

    @Override
    public Integer call() throws InterruptedException {
        var started = System.nanoTime();
        stepStarted = started;
        var guest = target.client();
        terminal.print("An order at " + guest.url() + "\n");

        var products = choose(guest);
        done("Find " + names(products), "gateway → catalog");

        var customer = guest.with(signIn(guest));
        done("Sign in as " + customer.me().name(), "gateway → user-service");

        var lines = products.stream().map(product -> new Line(product.sku(), 1)).toList();
        var quote = customer.quote(lines);
        done("Get the price: " + quote.totals().gross(), "gateway → order → catalog");

        CardToken token = customer.cardToken(card);
        done("Send the card to the payment provider: " + token.brand() + " …" + token.last4(), "gateway → payments");

        var order = place(customer, lines, token, quote);
        done("Place order " + order.id(), "gateway → order → catalog");

        order = customer.awaitFinal(order.id(), TIMEOUT);
        done("Reserve, charge, confirm: " + order.status(), "order → catalog, payments");

        return report(order, Duration.ofNanos(System.nanoTime() - started));
    }

    private static List<Product> choose(FeiraClient guest) {
        var available = guest.products("", 50).items().stream()
                .filter(product -> product.available() > 0)
                .limit(3)
                .toList();
        if (available.isEmpty()) {
            throw new StartFailure("No product is in stock. Add stock as staff, or start with ./feira up --fresh.");
        }
        return available;
    }

    private Tokens signIn(FeiraClient guest) throws InterruptedException {
        if (!device) {
            return guest.signIn().withPassword("ana@feira.example", target.password());
        }
        var authorization = guest.signIn().onDevice();
        var complete = authorization.verificationUriComplete();
        terminal.print("     Open " + (complete == null ? authorization.verificationUri() : complete)
                + "\n     and check or type the code " + authorization.userCode()
                + "\n     (sign in as ana@feira.example with the demo password, or with your account)");
        return guest.signIn().awaitDevice(authorization);
    }

    private static Order place(FeiraClient customer, List<Line> lines, CardToken token, Quote quote) {
        var address = new Address("Ana Martins", "Rua das Flores 12", "1200-195", "Lisboa", "PT");
        var order = new NewOrder(lines, address, token, quote.totals().gross());
        return customer.place(order, UUID.randomUUID().toString(), Duration.ZERO);
    }

    private void done(String what, String services) {
        var now = System.nanoTime();
        var time = Duration.ofNanos(now - stepStarted).toMillis();
        stepStarted = now;
        var text = what.length() <= WIDTH ? what : what.substring(0, WIDTH - 1) + "…";
        terminal.print(String.format(Locale.ROOT, "  %d. %-" + WIDTH + "s %6d ms   %s", ++step, text, time, services));
    }

    private int report(Order order, Duration time) {
        terminal.print("\n  The history of the order:");
        order.timeline()
                .forEach(event -> terminal.print(String.format(
                        "    %tT.%<tL  %-20s %s",
                        event.at().atZone(ZoneId.systemDefault()),
                        event.type(),
                        event.detail() == null ? "" : event.detail())));
        var rejection = order.rejection();
        if (order.isConfirmed()) {
            terminal.print("\nOrder " + order.id() + " is CONFIRMED: "
                    + order.totals().gross() + " after " + Terminal.seconds(time) + ".");
            return 0;
        }
        terminal.print("\nOrder " + order.id() + " is " + order.status()
                + (rejection == null ? "" : ": " + rejection.reason()) + ".");
        return 1;
    }

    private static String names(List<Product> products) {
        return String.join(
                ", ", products.stream().map(product -> product.name().en()).toList());
    }
}
