package dev.feira.acceptance;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.feira.local.Platform;
import dev.feira.local.PlatformOptions;
import dev.feira.local.Secrets;
import dev.feira.local.Service;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.ServiceLoader;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The platform under test: the one at {@code -Dfeira.url}, or an embedded one with two replicas of order-service, and {@code
 * -Dfeira.replicas} of the services that read its events. The first use starts it on free ports; the end of this JVM stops it.
 */
public final class TestPlatform {

    /** How long an order may take to a final status after the last fault: promise 4. */
    public static final Duration COMPLETION_DEADLINE = Duration.ofSeconds(30);

    /** Under CPU contention; an idle machine takes seconds. */
    private static final Duration START = Duration.ofMinutes(10);

    /** Stops the platform first: services that lose their connections before would stop slowly. */
    private record Cleanup(List<PlatformCustomizer> customizers, AtomicReference<@Nullable Platform> platform)
            implements Runnable {

        @Override
        public void run() {
            var started = platform.get();
            if (started != null) {
                started.close();
            }
            customizers.forEach(PlatformCustomizer::close);
        }
    }

    private static final class Embedded {

        static final Platform PLATFORM = start();

        private static Platform start() {
            var customizers = ServiceLoader.load(PlatformCustomizer.class).stream()
                    .map(ServiceLoader.Provider::get)
                    .toList();
            var cleanup = new Cleanup(customizers, new AtomicReference<>());
            Runtime.getRuntime().addShutdownHook(new Thread(cleanup)); // before the start, which may fail
            var options = PlatformOptions.temporary().withStartTimeout(START).withReplicas(Service.ORDER, 2);
            for (var service : List.of(Service.CATALOG, Service.NOTIFICATION)) {
                options = options.withReplicas(service, setting("feira.replicas", 1));
            }
            for (var customizer : customizers) {
                options = customizer.customize(options);
            }
            var platform = Platform.start(options);
            cleanup.platform.set(platform);
            System.out.println("Feira runs at " + platform.url() + ", logs in " + platform.data());
            return platform;
        }
    }

    private TestPlatform() {}

    /** Returns the URL of the gateway, without a trailing slash. */
    public static String url() {
        var given = System.getProperty("feira.url", "");
        return given.isBlank()
                ? Embedded.PLATFORM.url().toString()
                : given.strip().replaceAll("/+$", "");
    }

    public static URI uri(String path) {
        return URI.create(url() + path);
    }

    /** Returns whether the platform under test is the embedded one, whose processes may be stopped. */
    public static boolean isEmbedded() {
        return System.getProperty("feira.url", "").isBlank();
    }

    /** Returns the embedded platform; skips the test where another platform is under test. */
    public static Platform embedded() {
        assumeTrue(
                isEmbedded(),
                "This test stops and starts processes: it needs the embedded platform, without -Dfeira.url");
        return Embedded.PLATFORM;
    }

    /** Returns {@code -Dfeira.demo-password}, else the password of the embedded platform or the one that ./feira secrets generated. */
    public static String demoPassword() {
        var given = System.getProperty("feira.demo-password", "");
        if (!given.isBlank()) {
            return given;
        }
        return isEmbedded()
                ? Embedded.PLATFORM.secrets().get(Secrets.DEMO_PASSWORD)
                : Secrets.demoPassword(PlatformOptions.findHome())
                        .orElseThrow(
                                () -> new IllegalStateException("Set -Dfeira.demo-password, or run ./feira secrets"));
    }

    /** Returns the system property as a number. */
    public static int setting(String property, int defaultValue) {
        return Integer.getInteger(property, defaultValue);
    }

    /** Returns ten upper case letters and digits that no other test uses. */
    public static String unique() {
        return UUID.randomUUID().toString().replace("-", "").substring(0, 10).toUpperCase();
    }
}
