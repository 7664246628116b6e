package dev.feira.user.domain;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.annotation.Version;
import org.springframework.data.relational.core.mapping.Column;
import org.springframework.data.relational.core.mapping.Embedded;
import org.springframework.data.relational.core.mapping.Table;

/**
 * A delivery address of a user.
 *
 * @param preferred whether checkout offers it first; exactly one address of each user
 */
@Table("addresses")
public record Address(
        @Id UUID id,
        UUID userId,
        @Embedded(onEmpty = Embedded.OnEmpty.USE_EMPTY) Fields fields,
        @Column("is_default") boolean preferred,
        Instant createdAt,
        @Version @Nullable Integer version) {

    /**
     * The fields that a user writes.
     *
     * @param label name for the user, e.g. {@code Home}
     * @param country ISO 3166-1, two letters
     */
    public record Fields(String label, String name, String street, String postalCode, String city, String country) {}

    /** Returns a copy with other fields. */
    public Address with(Fields fields, boolean preferred) {
        return new Address(id, userId, fields, preferred, createdAt, version);
    }
}
