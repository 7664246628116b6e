package dev.feira.gateway.routing;

import dev.feira.gateway.client.ClientAddresses;
import dev.feira.gateway.login.Callers;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/**
 * How many requests of each caller wait by {@code Prefer: wait} at one time. A wait holds a place for seconds, so that
 * one caller could hold all of them; beyond a few it is answered at once, which a client that only prefers must expect.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7240#section-2">RFC 7240, section 2: a preference may be ignored</a>
 */
@Component
class WaitingCallers {

    private final Callers callers;
    private final ClientAddresses addresses;
    private final int most;
    private final ConcurrentHashMap<String, Integer> waiting = new ConcurrentHashMap<>();

    WaitingCallers(Callers callers, ClientAddresses addresses, ForwardingProperties settings) {
        this.callers = callers;
        this.addresses = addresses;
        this.most = settings.waitsPerCaller();
    }

    /** One request that waits; it counts until it is closed. */
    interface Wait extends AutoCloseable {

        @Override
        void close();
    }

    /** Counts one more, or nothing where the caller has as many as may be. */
    Optional<Wait> enter(HttpServletRequest request) {
        var caller = callers.subject(request).map("user "::concat).orElseGet(() -> addresses.of(request));
        var entered = new boolean[1];
        waiting.compute(caller, (_, count) -> {
            var before = count == null ? 0 : count;
            entered[0] = before < most;
            return entered[0] ? Integer.valueOf(before + 1) : count;
        });
        return entered[0] ? Optional.of(() -> leave(caller)) : Optional.empty();
    }

    private void leave(String caller) {
        waiting.computeIfPresent(caller, (_, count) -> count == 1 ? null : count - 1);
    }
}
