package dev.feira.catalog.persistence;

import dev.feira.catalog.domain.Line;
import dev.feira.catalog.domain.Lines;
import dev.feira.catalog.domain.Sku;
import java.util.Collection;
import java.util.UUID;

/** Converts lists to PostgreSQL arrays: one parameter and one prepared statement for any length. */
final class SqlArrays {

    private SqlArrays() {}

    static String[] ofSkus(Collection<Sku> skus) {
        return skus.stream().map(Sku::value).toArray(String[]::new);
    }

    static Long[] ofQuantities(Lines lines) {
        return lines.all().stream().map(Line::quantity).toArray(Long[]::new);
    }

    static String[] ofIds(Collection<UUID> ids) {
        return ids.stream().map(UUID::toString).toArray(String[]::new);
    }
}
