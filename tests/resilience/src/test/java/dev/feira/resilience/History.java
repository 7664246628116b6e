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
import org.jspecify.annotations.Nullable;

/**
 * The requests of clients with their times and outcomes. {@link #contradictions} compares them with the final state. A request
 * without a response has an unknown outcome: its order may exist or not.
 */
final class History {

    enum Kind {
        PRODUCT_LIST(Duration.ofSeconds(2)),
        PRODUCT(Duration.ofSeconds(2)),
        ORDER_LIST(Duration.ofSeconds(5)),
        ORDER(Duration.ofSeconds(5)),
        ACCOUNT(Duration.ofSeconds(5)),
        /** The order list, by the session cookie of the shop. */
        SESSION(Duration.ofSeconds(5)),
        PLACE_ORDER(Duration.ofSeconds(5));

        private final Duration deadline;

        Kind(Duration deadline) {
            this.deadline = deadline;
        }

        /** Returns the deadline of the gateway's response; see its application.yaml. */
        Duration deadline() {
            return deadline;
        }
    }

    enum Outcome {
        OK,
        /** No effect: the platform said so, or the request only reads. */
        FAILED,
        /** The order may exist. */
        UNKNOWN
    }

    /**
     * A request.
     *
     * @param start {@link System#nanoTime} before the request was sent
     * @param end the same after the response or the failure
     * @param status of HTTP; 0 without a response
     * @param message the unexpected response, or the exception; empty for a success
     * @param key of the placed order, else null
     * @param order the placed or read order, else null
     * @param value the order's status or the product's available units, else null
     */
    record Operation(
            String client,
            Kind kind,
            long start,
            long end,
            Outcome outcome,
            int status,
            String message,
            @Nullable String key,
            @Nullable String order,
            @Nullable String value) {

        Duration duration() {
            return Duration.ofNanos(end - start);
        }

        @Override
        public String toString() {
            return "%s: %s %s after %d ms: %s"
                    .formatted(client, kind, outcome, duration().toMillis(), message);
        }
    }

    private final Queue<Operation> operations = new ConcurrentLinkedQueue<>();

    void add(Operation operation) {
        operations.add(operation);
    }

    List<Operation> operations() {
        return List.copyOf(operations);
    }

    /** Returns the keys of orders with an unknown outcome. */
    List<String> unknownKeys() {
        return operations.stream()
                .filter(it -> it.kind() == Kind.PLACE_ORDER && it.outcome() == Outcome.UNKNOWN)
                .map(Operation::key)
                .toList();
    }

    /**
     * Compares the history with the final state.
     *
     * @param operations of one customer, the only buyer of one product
     * @param resolved the order of each unknown key, found by repeating the request after the faults
     * @param statuses the final status of each of the customer's orders
     * @param stock units of the product before, and {@code remaining} after
     * @return one line for each contradiction; empty where history and final state agree
     */
    static List<String> contradictions(
            List<Operation> operations,
            Map<String, String> resolved,
            Map<String, String> statuses,
            int stock,
            int remaining) {
        var contradictions = new ArrayList<String>();
        var keys = new HashMap<String, String>(); // by order
        var acknowledgedAt = new HashMap<String, Long>(); // by order
        for (var placed : of(operations, Kind.PLACE_ORDER)) {
            var order = placed.outcome() == Outcome.OK ? placed.order() : resolved.get(placed.key());
            if (order == null) {
                if (placed.outcome() == Outcome.UNKNOWN) {
                    contradictions.add("the outcome of key " + placed.key() + " is unknown");
                }
                continue;
            }
            var otherKey = keys.putIfAbsent(order, placed.key());
            if (otherKey != null && !otherKey.equals(placed.key())) {
                contradictions.add("order " + order + " belongs to two keys");
            }
            if (placed.outcome() == Outcome.OK) {
                acknowledgedAt.merge(order, placed.end(), Math::min);
            }
        }
        keys.forEach((order, key) -> {
            if (!statuses.containsKey(order)) {
                contradictions.add("order " + order + " was acknowledged and is missing");
            }
        });
        statuses.forEach((order, status) -> {
            if (!keys.containsKey(order)) {
                contradictions.add("order " + order
                        + " exists without an acknowledgement: a failed or a repeated request created it");
            }
            if (!status.equals("CONFIRMED") && !status.equals("REJECTED")) {
                contradictions.add("order " + order + " has no final status: " + status);
            }
        });
        checkReads(operations, acknowledgedAt, statuses, contradictions);
        var sold = (int) statuses.values().stream().filter("CONFIRMED"::equals).count();
        if (stock - sold != remaining) {
            contradictions.add("%d of %d units were sold, and %d remain".formatted(sold, stock, remaining));
        }
        for (var read : of(operations, Kind.PRODUCT)) {
            if (read.value() != null
                    && (Integer.parseInt(read.value()) < 0 || Integer.parseInt(read.value()) > stock)) {
                contradictions.add("a client read " + read.value() + " available units of " + stock);
            }
        }
        return contradictions;
    }

    /** Checks that acknowledged orders stay visible and that their statuses only advance. */
    private static void checkReads(
            List<Operation> operations,
            Map<String, Long> acknowledgedAt,
            Map<String, String> statuses,
            List<String> contradictions) {
        var byOrder = new HashMap<String, List<Operation>>();
        for (var read : of(operations, Kind.ORDER)) {
            if (read.status() == 404 && read.start() > acknowledgedAt.getOrDefault(read.order(), Long.MAX_VALUE)) {
                contradictions.add("order " + read.order() + " was acknowledged, then not found");
            }
            if (read.outcome() == Outcome.OK) {
                byOrder.computeIfAbsent(read.order(), _ -> new ArrayList<>()).add(read);
            }
        }
        byOrder.forEach((order, reads) -> {
            reads.sort(Comparator.comparingLong(Operation::end));
            var finalStatus = statuses.get(order);
            // Only reads that do not overlap have an order
            for (var later : reads) {
                for (var earlier : reads) {
                    if (earlier.end() >= later.start()) {
                        break;
                    }
                    if (!mayFollow(earlier.value(), later.value())) {
                        contradictions.add("order %s was %s, then %s".formatted(order, earlier.value(), later.value()));
                    }
                }
                if (finalStatus != null && !mayFollow(later.value(), finalStatus)) {
                    contradictions.add("order %s was %s, and finally %s".formatted(order, later.value(), finalStatus));
                }
            }
        });
    }

    private static final Map<String, Set<String>> SUCCESSORS = Map.of(
            "PLACED", Set.of("PLACED", "RESERVED", "PAID", "CONFIRMED", "REJECTED"),
            "RESERVED", Set.of("RESERVED", "PAID", "CONFIRMED", "REJECTED"),
            "PAID", Set.of("PAID", "CONFIRMED", "REJECTED"),
            "CONFIRMED", Set.of("CONFIRMED"),
            "REJECTED", Set.of("REJECTED"));

    private static boolean mayFollow(String before, String after) {
        return SUCCESSORS.getOrDefault(before, new HashSet<>()).contains(after);
    }

    private static List<Operation> of(List<Operation> operations, Kind kind) {
        return operations.stream().filter(it -> it.kind() == kind).toList();
    }
}
