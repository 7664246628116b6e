package dev.feira.user.domain;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.annotation.Version;
import org.springframework.data.relational.core.mapping.Column;
import org.springframework.data.relational.core.mapping.Table;

/**
 * A place where a person has things delivered.
 *
 * @param label what the person calls it, e.g. {@code Home}
 * @param country ISO 3166-1, two letters
 * @param preferred exactly one of a person's addresses is the one that checkout offers first
 */
@Table("addresses")
public record Address(
        @Id UUID id,
        UUID userId,
        String label,
        String name,
        String street,
        String postalCode,
        String city,
        String country,
        @Column("is_default") boolean preferred,
        Instant createdAt,
        @Version @Nullable Integer version) {

    /** The same address with other words, preferred or not. */
    public Address changed(
            String label,
            String name,
            String street,
            String postalCode,
            String city,
            String country,
            boolean preferred) {
        return new Address(id, userId, label, name, street, postalCode, city, country, preferred, createdAt, version);
    }

    public Address preferred(boolean preferred) {
        return changed(label, name, street, postalCode, city, country, preferred);
    }
}
