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
 * An account of a person.
 *
 * @param email unique; new accounts have the form of {@link EmailAddress}, old ones are in lower case only
 * @param emailVerified whether the user has opened a link that was sent to the address
 * @param passwordHash Argon2id in PHC form
 * @param locale the language of texts for the user, {@code en} or {@code pt}
 * @param demo whether this is a demonstration account, enabled only while a demo password is configured
 * @param disabledAt when the account was disabled, or null
 */
@Table("users")
public record User(
        @Id UUID id,
        String email,
        boolean emailVerified,
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
            throw new IllegalArgumentException("an e-mail address must be in its normal form");
        }
        if (roles.isEmpty()) {
            throw new IllegalArgumentException("a user needs at least one role");
        }
        roles = Set.copyOf(roles);
    }

    /** Returns a new account, not saved yet. */
    public static User register(
            String email, String name, String passwordHash, Set<Role> roles, String locale, Instant now) {
        return new User(
                UUID.randomUUID(),
                EmailAddress.canonical(email),
                false,
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

    /** Returns an e-mail address trimmed, in lower case. */
    static String normalized(String email) {
        return email.strip().toLowerCase(Locale.ROOT);
    }

    /** Returns whether the account is enabled. */
    public boolean maySignIn() {
        return disabledAt == null;
    }

    /** Returns the roles as in tokens, in a fixed order. */
    public List<String> roleLabels() {
        return new TreeSet<>(roles).stream().map(Role::label).toList();
    }

    public User renamed(String name, String locale, Instant now) {
        return with(email, emailVerified, name.strip(), passwordHash, roles, locale, now);
    }

    public User withPasswordHash(String passwordHash, Instant now) {
        return with(email, emailVerified, name, passwordHash, roles, locale, now);
    }

    public User withRoles(Set<Role> roles, Instant now) {
        return with(email, emailVerified, name, passwordHash, roles, locale, now);
    }

    /** Returns a copy whose e-mail address is verified. */
    public User verified(Instant now) {
        return with(email, true, name, passwordHash, roles, locale, now);
    }

    /** Returns a copy with another, verified e-mail address. */
    public User withEmail(String email, Instant now) {
        return with(EmailAddress.canonical(email), true, name, passwordHash, roles, locale, now);
    }

    private User with(
            String email,
            boolean emailVerified,
            String name,
            String passwordHash,
            Set<Role> roles,
            String locale,
            Instant now) {
        return new User(
                id, email, emailVerified, name, passwordHash, roles, locale, demo, disabledAt, createdAt, now, version);
    }

    /** Returns a copy that is a demonstration account, enabled or disabled. Its address counts as verified. */
    public User asDemo(boolean active, Instant now) {
        return new User(
                id, email, true, name, passwordHash, roles, locale, true, active ? null : now, createdAt, now, version);
    }
}
