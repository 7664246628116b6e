package dev.feira.catalog.domain;

import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Quantities of products, each product once, in the order of the SKUs. Stock is locked in this order, which prevents deadlocks.
 */
public record Lines(List<Line> all) {

    /** No lines. */
    public static final Lines NONE = new Lines(List.of());

    public Lines {
        all = List.copyOf(all);
        for (var i = 1; i < all.size(); i++) {
            if (all.get(i - 1).sku().compareTo(all.get(i).sku()) >= 0) {
                throw new IllegalArgumentException("lines must be ordered by SKU, each SKU once");
            }
        }
    }

    /** Returns the lines in order, with one line per product. */
    public static Lines of(Collection<Line> lines) {
        return sum(lines.stream());
    }

    /** Returns the sum of several lists. */
    public static Lines of(Stream<Lines> lists) {
        return sum(lists.flatMap(lines -> lines.all.stream()));
    }

    private static Lines sum(Stream<Line> lines) {
        var sums = new TreeMap<Sku, Long>();
        lines.forEach(line -> sums.merge(line.sku(), line.quantity(), Long::sum));
        return new Lines(sums.entrySet().stream()
                .map(sum -> new Line(sum.getKey(), sum.getValue()))
                .toList());
    }

    /** Returns the SKUs in order. */
    public List<Sku> skus() {
        return all.stream().map(Line::sku).toList();
    }

    public boolean isEmpty() {
        return all.isEmpty();
    }
}
