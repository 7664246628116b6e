package dev.feira.benchmarks;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The statements of one order.
 *
 * @param transactions of all databases, by the order in which they began
 * @param identifiers what stands for this order alone: ids and tokens that no other recorded order has
 * @param ownValues parameters that no other recorded order has, e.g. times
 * @param leftOut how many transactions of background work were left out
 */
record Recording(List<Transaction> transactions, Set<String> identifiers, Set<String> ownValues, int leftOut) {

    /** Long enough not to be a word: UUIDs, tokens, hashes. */
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z0-9_-]{12,}");

    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d\\d-\\d\\d.*");

    /**
     * Chooses the order with the fewest statements: the others met an audit, or waited longer and so asked more often.
     *
     * @param idle what runs without any order
     * @param orders what ran during each of some orders of the same customer and goods, one after the other
     */
    static Recording of(List<Transaction> idle, List<List<Transaction>> orders) {
        if (orders.size() < 2) {
            throw new IllegalArgumentException("what is an order's own shows only beside another order");
        }
        var background = idle.stream().map(Transaction::pattern).collect(Collectors.toSet());
        var cleaned = orders.stream()
                .map(order -> order.stream()
                        // A poll that found nothing; one that found the order's work is the order's
                        .filter(transaction -> transaction.wrote() || !background.contains(transaction.pattern()))
                        .toList())
                .toList();
        var leanest = cleaned.stream()
                .min(Comparator.comparingInt(order -> order.stream()
                        .mapToInt(transaction -> transaction.statements().size())
                        .sum()))
                .orElseThrow();
        var index = cleaned.indexOf(leanest);
        var others = cleaned.stream().filter(order -> order != leanest).toList();

        var identifiers = identifiers(leanest);
        others.forEach(order -> identifiers.removeAll(identifiers(order)));
        var values = values(leanest).collect(Collectors.toCollection(TreeSet::new));
        others.forEach(order -> values(order).forEach(values::remove));
        return new Recording(leanest, identifiers, values, orders.get(index).size() - leanest.size());
    }

    /** The order's transactions by database. */
    Map<String, List<Transaction>> byDatabase() {
        return transactions.stream()
                .collect(Collectors.groupingBy(Transaction::database, LinkedHashMap::new, Collectors.toList()));
    }

    private static Set<String> identifiers(List<Transaction> order) {
        return values(order)
                .filter(value -> !value.startsWith("\\x")) // bytes, written in hex
                .flatMap(value -> IDENTIFIER.matcher(value).results())
                .map(match -> match.group())
                .filter(text -> !DATE.matcher(text).matches())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<String> values(List<Transaction> order) {
        return order.stream()
                .flatMap(transaction -> transaction.statements().stream())
                .flatMap(statement -> statement.parameters().stream())
                .<String>mapMulti((value, next) -> {
                    if (value != null) {
                        next.accept(value);
                    }
                });
    }
}
