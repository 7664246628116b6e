package dev.feira.user.domain;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.annotation.Version;
import org.springframework.data.relational.core.mapping.Table;

/**
 * A person with an account.
 *
 * @param email always in {@link #normalized(String) normal form}; unique
 * @param passwordHash Argon2id in PHC form
 * @param locale the language of texts for this person, {@code en} or {@code pt}
 * @param demo whether this is a demonstration account, which lives only while a demo password is configured
 * @param disabledAt since when the person may not sign in, or null
 */
@Table("users")
public record User(
        @Id UUID id,
        String email,
        String name,
        String passwordHash,
        Set<Role> roles,
        String locale,
        boolean demo,
        @Nullable Instant disabledAt,
        Instant createdAt,
        Instant updatedAt,
        @Version @Nullable Integer version) {

    public User {
        if (!email.equals(normalized(email))) {
            throw new IllegalArgumentException("an e-mail address is kept in its normal form");
        }
        if (roles.isEmpty()) {
            throw new IllegalArgumentException("a user needs at least one role");
        }
        roles = Set.copyOf(roles);
    }

    /** A new account, not saved yet. */
    public static User register(
            String email, String name, String passwordHash, Set<Role> roles, String locale, Instant now) {
        return new User(
                UUID.randomUUID(),
                normalized(email),
                name.strip(),
                passwordHash,
                roles,
                locale,
                false,
                null,
                now,
                now,
                null);
    }

    /**
     * The form in which addresses are compared: no space around, small letters. RFC 5321 lets the part before the @
     * depend on case; no provider of mail does.
     */
    public static String normalized(String email) {
        return email.strip().toLowerCase(Locale.ROOT);
    }

    /** Returns whether the person may sign in now. */
    public boolean maySignIn() {
        return disabledAt == null;
    }

    /** Returns the roles as tokens carry them, in a fixed order. */
    public List<String> roleLabels() {
        return new TreeSet<>(roles).stream().map(Role::label).toList();
    }

    public User renamed(String name, String locale, Instant now) {
        return new User(
                id, email, name.strip(), passwordHash, roles, locale, demo, disabledAt, createdAt, now, version);
    }

    public User withPasswordHash(String passwordHash, Instant now) {
        return new User(id, email, name, passwordHash, roles, locale, demo, disabledAt, createdAt, now, version);
    }

    public User withRoles(Set<Role> roles, Instant now) {
        return new User(id, email, name, passwordHash, roles, locale, demo, disabledAt, createdAt, now, version);
    }

    /** This account as a demonstration account that may sign in, or not. */
    public User asDemo(boolean active, Instant now) {
        return new User(
                id, email, name, passwordHash, roles, locale, true, active ? null : now, createdAt, now, version);
    }
}
