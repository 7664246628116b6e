package dev.feira.gateway.client;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.springframework.security.web.util.matcher.IpAddressMatcher;
import org.springframework.stereotype.Component;

/** Finds the address that a request comes from, trusting only the proxies in {@code trusted-proxies}. */
@Component
public class ClientAddresses {

    private static final int CHAIN_LIMIT = 20;

    private final List<IpAddressMatcher> trusted;

    ClientAddresses(ClientProperties settings) {
        this.trusted = settings.trustedProxies().stream()
                .filter(range -> !range.isBlank())
                .map(range -> new IpAddressMatcher(range.strip()))
                .toList();
    }

    /** Returns whether the peer itself is a trusted proxy. */
    public boolean peerIsTrusted(HttpServletRequest request) {
        return isTrusted(request.getRemoteAddr());
    }

    /**
     * Returns the address of the client. It is the peer's address. If the peer is a trusted proxy, it is the last
     * address in {@code X-Forwarded-For} that is not a trusted proxy itself; entries before it are not trusted.
     * Services get only this address as {@code X-Forwarded-For}.
     */
    public String of(HttpServletRequest request) {
        var chain = chain(request);
        for (var i = chain.size() - 1; i > 0; i--) {
            if (!isTrusted(chain.get(i))) {
                return chain.get(i);
            }
        }
        return chain.getFirst();
    }

    /** Returns the hops as {@code X-Forwarded-For} lists them, the peer last. */
    private List<String> chain(HttpServletRequest request) {
        var peer = request.getRemoteAddr();
        if (!isTrusted(peer)) {
            return List.of(peer);
        }
        var hops = new ArrayList<String>();
        for (var header : Collections.list(request.getHeaders("X-Forwarded-For"))) {
            for (var hop : header.split(",")) {
                if (isAddress(hop.strip())) {
                    hops.add(hop.strip());
                }
            }
        }
        hops.add(peer);
        return hops.size() <= CHAIN_LIMIT ? hops : hops.subList(hops.size() - CHAIN_LIMIT, hops.size());
    }

    private boolean isTrusted(String address) {
        return !trusted.isEmpty() && isAddress(address) && trusted.stream().anyMatch(range -> range.matches(address));
    }

    /** Only literal addresses: a name would cause a DNS query. */
    private static boolean isAddress(String text) {
        return !text.isEmpty()
                && text.length() <= 45
                && text.chars().allMatch(c -> Character.digit(c, 16) >= 0 || c == '.' || c == ':')
                && (text.indexOf(':') >= 0 || text.chars().allMatch(c -> c == '.' || Character.isDigit(c)));
    }
}
