package dev.feira.benchmarks;

import dev.feira.local.Platform;
import dev.feira.local.PlatformOptions;
import dev.feira.local.Secrets;
import dev.feira.local.Service;

/**
 * What every benchmark needs.
 *
 * @param workspace the build that is measured
 * @param report where its figures go
 */
record BenchmarkContext(Workspace workspace, Settings settings, Progress progress, Report report) {

    /** The compilers and the heap of a container with 512 MiB, as in the images, instead of those of a laptop. */
    private static final String[] IMAGE_ARGUMENTS = {"-XX:TieredStopAtLevel=4", "-Xmx256m", "-Xmn85m"};

    /** Returns options for a platform on free ports with an empty database, from the workspace's jars and caches. */
    PlatformOptions options() {
        var options = PlatformOptions.temporary().withHome(workspace.folder());
        for (var limit : Settings.WIDE_LIMITS.entrySet()) {
            options = options.withEnvironment(Service.GATEWAY, limit.getKey(), limit.getValue());
        }
        return options;
    }

    /** Returns the same with the JVM arguments of the images. */
    PlatformOptions optionsOfImages() {
        var options = options();
        for (var service : Service.values()) {
            options = options.withJvmArguments(service, IMAGE_ARGUMENTS);
        }
        return options;
    }

    Platform start(PlatformOptions options, String what) {
        try (var _ = progress.begin(what)) {
            return Platform.start(options);
        }
    }

    static Shop shop(Platform platform) {
        return new Shop(platform.url(), platform.secrets().get(Secrets.DEMO_PASSWORD));
    }
}
