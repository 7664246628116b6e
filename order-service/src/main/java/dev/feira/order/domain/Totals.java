package dev.feira.order.domain;

import java.util.List;

/**
 * The sums of an order.
 *
 * @param net without VAT
 * @param vat the VAT, rounded per line
 * @param gross what the customer pays
 */
public record Totals(Money net, Money vat, Money gross) {

    public Totals {
        if (!net.plus(vat).equals(gross)) {
            throw new IllegalArgumentException("%s net and %s VAT are not %s gross".formatted(net, vat, gross));
        }
    }

    /** Returns the sums of these lines. */
    public static Totals of(List<OrderLine> lines) {
        var zero = Money.euros("0.00");
        var net = lines.stream().map(OrderLine::net).reduce(zero, Money::plus);
        var vat = lines.stream().map(OrderLine::vat).reduce(zero, Money::plus);
        return new Totals(net, vat, net.plus(vat));
    }
}
