package dev.feira.local.client;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A sign-in that a person completes in a browser, on this or another device.
 *
 * @param userCode what the person types or compares
 * @param verificationUri where the person goes
 * @param verificationUriComplete the same with the code in it; null where the server does not give it
 * @param expiresAt until when it can be completed
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8628">RFC 8628, device authorization grant</a>
 */
public record DeviceAuthorization(
        String deviceCode,
        String userCode,
        URI verificationUri,
        @Nullable URI verificationUriComplete,
        Instant expiresAt,
        Duration interval) {}
