package dev.feira.defaults.discovery;

import java.security.Security;
import java.time.Duration;
import org.springframework.boot.context.event.ApplicationStartingEvent;
import org.springframework.context.ApplicationListener;

/**
 * How long this process believes what the name service said. The JDK keeps an address for 30 s and a failure for 10 s: a
 * container that came back under another address, or a name service that answers again, would be found that much later.
 * Open connections ask nothing; new ones ask at most every 5 s.
 *
 * @see <a href="https://docs.oracle.com/en/java/javase/25/core/java-networking.html">Networking properties</a>
 */
final class DnsCacheSettings implements ApplicationListener<ApplicationStartingEvent> {

    static final Duration ADDRESS = Duration.ofSeconds(5);
    static final Duration FAILURE = Duration.ofSeconds(1);

    /** What the JDK's java.security says; other figures are an operator's, and stay. */
    private static final String JDK_FAILURE = "10";

    /** Before the first name is looked up, since the JDK reads the properties once. */
    @Override
    public void onApplicationEvent(ApplicationStartingEvent event) {
        if (Security.getProperty("networkaddress.cache.ttl") == null) {
            Security.setProperty("networkaddress.cache.ttl", String.valueOf(ADDRESS.toSeconds()));
        }
        if (JDK_FAILURE.equals(Security.getProperty("networkaddress.cache.negative.ttl"))) {
            Security.setProperty("networkaddress.cache.negative.ttl", String.valueOf(FAILURE.toSeconds()));
        }
    }
}
