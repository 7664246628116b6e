package dev.feira.local.client;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An account. */
public record User(
        UUID id,
        String email,
        String name,
        List<String> roles,
        @Nullable String locale,
        @Nullable Instant createdAt) {}
