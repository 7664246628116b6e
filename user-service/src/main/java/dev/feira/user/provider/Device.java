package dev.feira.user.provider;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/** Returns what the current request says of its device, for the user's list of sign-ins. */
public final class Device {

    /** The attribute of a new authorization. */
    public static final String ATTRIBUTE = "device";

    private static final int LONGEST = 200;

    private Device() {}

    static @Nullable String current() {
        if (!(RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes)) {
            return null;
        }
        var agent = attributes.getRequest().getHeader(HttpHeaders.USER_AGENT);
        if (agent == null || agent.isBlank()) {
            return null;
        }
        var visible = agent.replaceAll("[^ -~]", "").strip();
        return visible.length() <= LONGEST ? visible : visible.substring(0, LONGEST);
    }
}
