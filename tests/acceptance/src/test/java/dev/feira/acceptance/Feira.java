package dev.feira.acceptance;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.feira.local.Platform;
import dev.feira.local.PlatformOptions;
import dev.feira.local.Secrets;
import dev.feira.local.Service;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The platform under test: the one at {@code -Dfeira.url}, or an embedded one with two replicas of order-service, started
 * on free ports by the first test that asks and stopped with this JVM.
 */
final class Feira {

    /** As long as an order may need to end after the last fault: the promise. */
    static final Duration ENDING = Duration.ofSeconds(30);

    /** A machine that builds other things at the same time may need this long; an idle one takes seconds. */
    private static final Duration START = Duration.ofMinutes(10);

    /**
     * What the end of the JVM takes with it. In this order: services that lose everybody else at once would take long to stop,
     * and what holds files holds the disk. A class of its own: one whose initialization has failed runs no code any more.
     */
    private record Cleanup(
            @Nullable Proxies proxies, @Nullable SmallDisk disk, AtomicReference<@Nullable Platform> platform)
            implements Runnable {

        @Override
        public void run() {
            var started = platform.get();
            if (started != null) {
                started.close();
            }
            if (proxies != null) {
                proxies.close();
            }
            if (disk != null) {
                disk.close();
            }
        }
    }

    private static final class Embedded {

        static final Proxies PROXIES = Proxies.wanted() ? Proxies.started() : null;
        static final Optional<SmallDisk> DISK = PROXIES == null ? Optional.empty() : SmallDisk.mounted();
        static final Platform PLATFORM = start();

        private static Platform start() {
            var options = PlatformOptions.temporary().withStartTimeout(START);
            // Where connections are to be broken there is one of each: nothing goes around the broken one
            var cleanup = new Cleanup(PROXIES, DISK.orElse(null), new AtomicReference<>());
            if (PROXIES != null) {
                Runtime.getRuntime().addShutdownHook(new Thread(cleanup)); // before the start, which may fail
            }
            var platform = Platform.start(
                    PROXIES == null
                            ? options.withReplicas(Service.ORDER, 2)
                            : PROXIES.in(DISK.map(disk -> options.withData(disk.folder()))
                                    .orElse(options)));
            cleanup.platform.set(platform);
            System.out.println("Feira runs at " + platform.url() + ", logs in " + platform.data());
            return platform;
        }
    }

    private Feira() {}

    /** Where the gateway is, without a slash at the end. */
    static String url() {
        var given = System.getProperty("feira.url", "");
        return given.isBlank()
                ? Embedded.PLATFORM.url().toString()
                : given.strip().replaceAll("/+$", "");
    }

    static URI uri(String path) {
        return URI.create(url() + path);
    }

    /** Whether the platform under test is the embedded one, whose processes may be ended. */
    static boolean isEmbedded() {
        return System.getProperty("feira.url", "").isBlank();
    }

    /** The embedded platform, for tests that break things; they are skipped where the platform is another one. */
    static Platform embedded() {
        assumeTrue(
                isEmbedded(),
                "This test ends and starts processes: it runs on the embedded platform only, without -Dfeira.url");
        return Embedded.PLATFORM;
    }

    /** What is between the parts of the embedded platform; tests that need it are skipped where it is not. */
    static Proxies proxies() {
        assumeTrue(
                Proxies.wanted(), "This test breaks connections: it needs -Dfeira.toxiproxy; ./feira faults sets it");
        embedded();
        return Embedded.PROXIES;
    }

    /** Where the embedded platform keeps its data, if that can be filled. */
    static Optional<SmallDisk> disk() {
        embedded();
        return Embedded.DISK;
    }

    /** The demo accounts' password: {@code -Dfeira.demo-password}, else the embedded platform's, else the file's. */
    static String demoPassword() {
        var given = System.getProperty("feira.demo-password", "");
        if (!given.isBlank()) {
            return given;
        }
        return isEmbedded()
                ? Embedded.PLATFORM.secrets().get(Secrets.DEMO_PASSWORD)
                : fromFile()
                        .orElseThrow(() -> new IllegalStateException(
                                "Set -Dfeira.demo-password, or run ./feira secrets: .feira/secrets.env is missing"));
    }

    private static Optional<String> fromFile() {
        var file = PlatformOptions.findHome().resolve(Secrets.EMBEDDED);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (var lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(Secrets.DEMO_PASSWORD + "="))
                    .map(line -> line.substring(line.indexOf('=') + 1))
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How often something is repeated: few times by default, more by {@code -D<property>=…}. */
    static int times(String property, int normally) {
        return Integer.getInteger(property, normally);
    }

    /** Ten characters that no other test uses, upper case letters and digits. */
    static String unique() {
        return UUID.randomUUID().toString().replace("-", "").substring(0, 10).toUpperCase();
    }
}
