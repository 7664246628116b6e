package dev.feira.local.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A product of the catalog; {@code price} includes VAT, {@code available} counts whole units. */
public record Product(
        String sku,
        Text name,
        @Nullable Text description,
        String category,
        Money price,
        String vatRate,
        String unit,
        @Nullable String picture,
        String status,
        int available,
        @Nullable Instant updatedAt) {}
