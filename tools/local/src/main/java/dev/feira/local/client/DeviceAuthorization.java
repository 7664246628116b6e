package dev.feira.local.client;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A sign-in that the user completes in a browser, on this or another device.
 *
 * @param userCode the code that the user types or compares
 * @param verificationUri the page that the user opens
 * @param verificationUriComplete the same page with the code; null if the server does not send it
 * @param expiresAt when the code expires
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8628">RFC 8628, device authorization grant</a>
 */
public record DeviceAuthorization(
        String deviceCode,
        String userCode,
        URI verificationUri,
        @Nullable URI verificationUriComplete,
        Instant expiresAt,
        Duration interval) {}
