package dev.feira.benchmarks;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The amount of load.
 *
 * @param orders of the run that counts
 * @param clients that order at a time, and connections of pgbench
 * @param rounds of each comparison
 * @param round length of a round
 */
record Settings(int orders, int clients, int rounds, Duration round) {

    /** Orders before the run that counts: the JVMs compile, the pools fill. */
    private static final int WARM_UP = 200;

    /** The gateway's limit for concurrent catalog reads: more clients would measure rejections. */
    static final int BROWSING_LIMIT = 32;

    /** Rate limits that stay enabled and are counted, but out of reach: all load comes from one user at one address. */
    static final Map<String, String> WIDE_LIMITS = Stream.of("ADDRESS", "BROWSING", "WRITING", "SIGNIN")
            .collect(Collectors.toMap(
                    limit -> "FEIRA_GATEWAY_LIMITS_" + limit + "_REQUESTS", _ -> "1000000", (a, _) -> a, TreeMap::new));

    /** The number of clients that read through the gateway in a closed loop. */
    int readers() {
        return Math.min(BROWSING_LIMIT, clients);
    }

    int warmUpOrders() {
        return Math.min(WARM_UP, orders);
    }
}
