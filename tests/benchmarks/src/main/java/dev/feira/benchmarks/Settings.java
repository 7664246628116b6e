package dev.feira.benchmarks;

import dev.feira.local.Platform;
import dev.feira.local.PlatformOptions;
import dev.feira.local.Service;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How much is measured.
 *
 * @param orders of the run that is counted
 * @param clients buyers, or connections of pgbench, at a time
 * @param rounds of everything that is compared in turns
 * @param round how long one of them is
 */
record Settings(int orders, int clients, int rounds, Duration round) {

    /** As many orders go before, uncounted: the JVMs have compiled what they will, the pools are full. */
    private static final int WARM_UP = 200;

    /** The gateway has so many places for those who look at the shelves: more readers would measure how they are sent away. */
    static final int PLACES = 32;

    /** As in an image, and not as on a laptop: both compilers, and the heap of a container with 512 MiB. */
    private static final String[] AS_IN_AN_IMAGE = {"-XX:TieredStopAtLevel=4", "-Xmx256m", "-Xmn85m"};

    /** All load comes from one person at one address: the limits stay on and are counted, but far out of reach. */
    static final Map<String, String> WIDE_LIMITS;

    static {
        var variables = new LinkedHashMap<String, String>();
        for (var limit : new String[] {"ADDRESS", "BROWSING", "WRITING", "SIGNIN"}) {
            variables.put("FEIRA_GATEWAY_LIMITS_" + limit + "_REQUESTS", "1000000");
        }
        WIDE_LIMITS = Collections.unmodifiableMap(variables);
    }

    /** A platform of its own, on free ports and an empty database, from the jars and caches of this workspace. */
    static PlatformOptions platform(Workspace workspace) {
        var options = PlatformOptions.temporary().withHome(workspace.folder());
        for (var limit : WIDE_LIMITS.entrySet()) {
            options = options.withEnvironment(Service.GATEWAY, limit.getKey(), limit.getValue());
        }
        return options;
    }

    /** Starts one, and says {@code what} while it does. */
    static Platform start(Workspace workspace, Progress progress, String what) {
        try (var _ = progress.begin(what)) {
            return Platform.start(platform(workspace));
        }
    }

    /** Starts one whose services have what their images give them: they are what is loaded. */
    static Platform startAsInImages(Workspace workspace, Progress progress, String what) {
        var options = platform(workspace);
        for (var service : Service.values()) {
            options = options.withJvmArguments(service, AS_IN_AN_IMAGE);
        }
        try (var _ = progress.begin(what)) {
            return Platform.start(options);
        }
    }

    /** How many read through the gateway at a time, in a closed loop. */
    int readers() {
        return Math.min(PLACES, clients);
    }

    int warmUpOrders() {
        return Math.min(WARM_UP, orders);
    }
}
