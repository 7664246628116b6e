package dev.feira.resilience;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What clients asked, when, and what they were told. Whether all of it can be true together with the end state is
 * {@link #contradictions}: a client that got no answer does not know whether it was heard, and so its request is neither
 * taken for done nor for not done.
 */
final class History {

    enum Kind {
        SHELVES(Duration.ofSeconds(2)),
        PRODUCT(Duration.ofSeconds(2)),
        ORDERS(Duration.ofSeconds(5)),
        ORDER(Duration.ofSeconds(5)),
        ACCOUNT(Duration.ofSeconds(5)),
        /** Orders, too, by the cookie of who signed in in the shop. */
        SESSION(Duration.ofSeconds(5)),
        PLACE(Duration.ofSeconds(5));

        private final Duration deadline;

        Kind(Duration deadline) {
            this.deadline = deadline;
        }

        /** When the gateway has answered at the latest; its application.yaml. */
        Duration deadline() {
            return deadline;
        }
    }

    enum Outcome {
        OK,
        /** The platform said that nothing was done, or it was a question. */
        FAILED,
        /** It may have been done. */
        UNKNOWN
    }

    /**
     * @param begin of {@link System#nanoTime}, before the request was sent
     * @param end when the answer had been read, or was given up
     * @param status of HTTP; 0: there was no answer
     * @param said the answer where it was not the one that it should be, or why there was none
     * @param key of an order that was placed, else null
     * @param order that was placed or read, else null
     * @param seen the order's status, or how many units of the product there are, else null
     */
    record Operation(
            String client,
            Kind kind,
            long begin,
            long end,
            Outcome outcome,
            int status,
            String said,
            String key,
            String order,
            String seen) {

        Duration took() {
            return Duration.ofNanos(end - begin);
        }

        @Override
        public String toString() {
            return "%s: %s %s after %d ms: %s".formatted(client, kind, outcome, took().toMillis(), said);
        }
    }

    private final Queue<Operation> operations = new ConcurrentLinkedQueue<>();

    void add(Operation operation) {
        operations.add(operation);
    }

    List<Operation> operations() {
        return List.copyOf(operations);
    }

    /** The keys of orders about which nobody knows whether they were placed. */
    List<String> unknownKeys() {
        return operations.stream()
                .filter(it -> it.kind() == Kind.PLACE && it.outcome() == Outcome.UNKNOWN)
                .map(Operation::key)
                .toList();
    }

    /**
     * Says what cannot be.
     *
     * @param operations of one customer, who is the only one to buy one product
     * @param found the orders of unknown keys, found out by sending each again after the faults
     * @param ends the customer's orders as they are at last, by their ids
     * @param stock units of the product before, and {@code left} after
     * @return one line for each contradiction; empty when history and end state agree
     */
    static List<String> contradictions(
            List<Operation> operations, Map<String, String> found, Map<String, String> ends, int stock, int left) {
        var wrong = new ArrayList<String>();
        var keys = new HashMap<String, String>(); // by order
        var placedBy = new HashMap<String, Long>(); // by order: when it was certain
        for (var placed : of(operations, Kind.PLACE)) {
            var order = placed.outcome() == Outcome.OK ? placed.order() : found.get(placed.key());
            if (order == null) {
                if (placed.outcome() == Outcome.UNKNOWN) {
                    wrong.add("nobody found out what became of the key " + placed.key());
                }
                continue;
            }
            var before = keys.putIfAbsent(order, placed.key());
            if (before != null && !before.equals(placed.key())) {
                wrong.add("the order " + order + " was made for two keys");
            }
            if (placed.outcome() == Outcome.OK) {
                placedBy.merge(order, placed.end(), Math::min);
            }
        }
        keys.forEach((order, key) -> {
            if (!ends.containsKey(order)) {
                wrong.add("the order " + order + " was acknowledged and is lost");
            }
        });
        ends.forEach((order, status) -> {
            if (!keys.containsKey(order)) {
                wrong.add(
                        "the order " + order + " exists, and nobody was told so: a request that failed, or one twice");
            }
            if (!status.equals("CONFIRMED") && !status.equals("REJECTED")) {
                wrong.add("the order " + order + " has not ended: " + status);
            }
        });
        reads(operations, placedBy, ends, wrong);
        var sold = (int) ends.values().stream().filter("CONFIRMED"::equals).count();
        if (stock - sold != left) {
            wrong.add("%d of %d units were sold, and %d are left".formatted(sold, stock, left));
        }
        for (var read : of(operations, Kind.PRODUCT)) {
            if (read.seen() != null && (Integer.parseInt(read.seen()) < 0 || Integer.parseInt(read.seen()) > stock)) {
                wrong.add("somebody saw " + read.seen() + " units of " + stock);
            }
        }
        return wrong;
    }

    /** Who reads after an answer has come sees at least that: an order is there, and goes forward only. */
    private static void reads(
            List<Operation> operations, Map<String, Long> placedBy, Map<String, String> ends, List<String> wrong) {
        var byOrder = new HashMap<String, List<Operation>>();
        for (var read : of(operations, Kind.ORDER)) {
            if (read.status() == 404 && read.begin() > placedBy.getOrDefault(read.order(), Long.MAX_VALUE)) {
                wrong.add("the order " + read.order() + " was acknowledged, and then not there");
            }
            if (read.outcome() == Outcome.OK) {
                byOrder.computeIfAbsent(read.order(), _ -> new ArrayList<>()).add(read);
            }
        }
        byOrder.forEach((order, reads) -> {
            reads.sort(Comparator.comparingLong(Operation::end));
            var end = ends.get(order);
            // Only reads of which one was over before the other began have an order among them
            for (var later : reads) {
                for (var earlier : reads) {
                    if (earlier.end() >= later.begin()) {
                        break;
                    }
                    if (!mayFollow(earlier.seen(), later.seen())) {
                        wrong.add("the order %s was %s, and then %s".formatted(order, earlier.seen(), later.seen()));
                    }
                }
                if (end != null && !mayFollow(later.seen(), end)) {
                    wrong.add("the order %s was %s, and is %s".formatted(order, later.seen(), end));
                }
            }
        });
    }

    private static final Map<String, Set<String>> AFTER = Map.of(
            "PLACED", Set.of("PLACED", "RESERVED", "PAID", "CONFIRMED", "REJECTED"),
            "RESERVED", Set.of("RESERVED", "PAID", "CONFIRMED", "REJECTED"),
            "PAID", Set.of("PAID", "CONFIRMED", "REJECTED"),
            "CONFIRMED", Set.of("CONFIRMED"),
            "REJECTED", Set.of("REJECTED"));

    private static boolean mayFollow(String before, String after) {
        return AFTER.getOrDefault(before, new HashSet<>()).contains(after);
    }

    private static List<Operation> of(List<Operation> operations, Kind kind) {
        return operations.stream().filter(it -> it.kind() == kind).toList();
    }
}
