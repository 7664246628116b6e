package dev.feira.user.web;

import dev.feira.defaults.paging.CursorCodec;
import dev.feira.user.domain.SecurityEvent;
import dev.feira.user.domain.SecurityLog;
import dev.feira.user.keys.KeyCipher;
import dev.feira.user.keys.KeyRing;
import dev.feira.user.keys.SigningKey;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Serves the signing keys and the audit log to admins. */
@RestController
class SecurityController {

    /** The list that the cursors belong to. */
    private static final String EVENTS = "security-events";

    private final KeyRing keyRing;
    private final SecurityLog securityLog;
    private final CursorCodec cursors;

    SecurityController(KeyRing keyRing, SecurityLog securityLog, KeyCipher cipher) {
        this.keyRing = keyRing;
        this.securityLog = securityLog;
        var key = cipher.mac("cursors");
        this.cursors = new CursorCodec(() -> key);
    }

    record KeyResponse(
            String kid,
            Instant createdAt,
            Instant signsFrom,
            @Nullable Instant expiresAt,
            boolean signs) {}

    record KeyListResponse(List<KeyResponse> items) {}

    record SecurityEventListResponse(
            List<SecurityEvent> items, @Nullable String nextCursor) {}

    @Operation(summary = "Admin: the published signing keys, newest first")
    @GetMapping("/keys")
    KeyListResponse keys() {
        return response(keyRing.published());
    }

    @Operation(
            summary = "Admin: create a signing key",
            description = "It is published at once and signs after every service has fetched it. With immediately=true "
                    + "it signs at once and no other key is published: for a leaked key.")
    @PostMapping("/keys/rotation")
    KeyListResponse rotate(
            @RequestParam(defaultValue = "false") boolean immediately,
            @AuthenticationPrincipal Jwt admin,
            HttpServletRequest http) {
        var keys = keyRing.rotate(immediately);
        securityLog.record(
                SecurityEvent.Type.KEY_ROTATED,
                UserController.id(admin),
                null,
                http.getRemoteAddr(),
                Map.of("kid", keys.getFirst().kid(), "immediately", immediately));
        return response(keys);
    }

    @Operation(summary = "Admin: the audit log, newest first")
    @GetMapping("/security-events")
    SecurityEventListResponse events(
            @RequestParam(required = false) @Nullable UUID user,
            @RequestParam(defaultValue = "50") @Min(1) @Max(100) int limit,
            @RequestParam(required = false) @Nullable String cursor) {
        var before = cursor == null
                ? Long.MAX_VALUE
                : Long.parseLong(cursors.decode(EVENTS, cursor, 1).getFirst());
        var page = securityLog.findBefore(user, before, limit + 1);
        var more = page.size() > limit;
        var items = more ? page.subList(0, limit) : page;
        return new SecurityEventListResponse(
                items,
                more ? cursors.encode(EVENTS, Long.toString(items.getLast().id())) : null);
    }

    private KeyListResponse response(List<SigningKey> keys) {
        var signing = keyRing.signing().kid();
        return new KeyListResponse(keys.stream()
                .map(key -> new KeyResponse(
                        key.kid(),
                        key.createdAt(),
                        key.signsFrom(),
                        key.expiresAt(),
                        key.kid().equals(signing)))
                .toList());
    }
}
