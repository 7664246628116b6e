package dev.feira.resilience;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.feira.acceptance.PlatformCustomizer;
import dev.feira.acceptance.TestPlatform;
import dev.feira.local.PlatformOptions;
import dev.feira.local.Service;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts a proxy into each connection of the embedded platform and its data on a small disk, where {@code -Dfeira.toxiproxy}
 * is set. Each service has one replica then, so that no request bypasses a broken connection.
 */
public final class FaultInjection implements PlatformCustomizer {

    private static @Nullable Proxies proxies;
    private static Optional<LimitedDisk> disk = Optional.empty();

    @Override
    public PlatformOptions customize(PlatformOptions options) {
        if (!isRequested()) {
            return options;
        }
        proxies = Proxies.started();
        disk = LimitedDisk.mounted();
        var proxied = proxies.configure(options.withReplicas(Service.ORDER, 1));
        return disk.map(it -> proxied.withData(it.folder())).orElse(proxied);
    }

    @Override
    public void close() {
        if (proxies != null) {
            proxies.close();
        }
        disk.ifPresent(LimitedDisk::close);
    }

    /** Returns the proxies of the embedded platform; skips the test where there are none. */
    static Proxies proxies() {
        assumeTrue(isRequested(), "This test breaks connections: it needs -Dfeira.toxiproxy; ./feira faults sets it");
        TestPlatform.embedded();
        return proxies;
    }

    /** Returns the disk that holds the embedded platform's data; empty where it could not be mounted. */
    static Optional<LimitedDisk> disk() {
        TestPlatform.embedded();
        return disk;
    }

    private static boolean isRequested() {
        return !System.getProperty("feira.toxiproxy", "").isBlank();
    }
}
