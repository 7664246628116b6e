package dev.feira.user.events;

import dev.feira.events.outbox.Outbox;
import dev.feira.events.outbox.OutboxEvent;
import dev.feira.user.domain.Role;
import dev.feira.user.domain.User;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import org.springframework.stereotype.Component;

/**
 * Tells other services what happened to an account. The types and their data are an interface: {@code docs/events} describes
 * them, and a member is added, but never changed or removed, within a version.
 *
 * <p>Each method stores an event in the caller's transaction, which has locked the user's row before it wrote anything.
 */
@Component
public class UserEvents {

    private final Outbox outbox;
    private final Clock clock;

    UserEvents(Outbox outbox, Clock clock) {
        this.outbox = outbox;
        this.clock = clock;
    }

    /** Why a verification link is sent. */
    public enum VerificationReason {
        /** The account is new. */
        REGISTERED,
        /** The user asked for another link. */
        REQUESTED
    }

    /** How a password was replaced. */
    public enum PasswordReason {
        /** The user knew the old one. */
        CHANGED,
        /** By a link. */
        RESET
    }

    public void registered(User user) {
        append(user.id(), "registered", Account.of(user));
    }

    /** Stores the state after a change of name, language, roles, e-mail address or its verification. */
    public void changed(User user) {
        append(user.id(), "changed", Account.of(user));
    }

    public void verificationRequested(User user, String link, Instant expiresAt, VerificationReason reason) {
        append(
                user.id(),
                "verification-requested",
                new VerificationRequested(user.id().toString(), user.email(), link, expiresAt, reason));
    }

    public void passwordResetRequested(User user, String link, Instant expiresAt) {
        append(
                user.id(),
                "password-reset-requested",
                new PasswordResetRequested(user.id().toString(), user.email(), link, expiresAt));
    }

    public void passwordChanged(User user, PasswordReason reason) {
        append(user.id(), "password-changed", new PasswordChanged(user.id().toString(), reason));
    }

    /**
     * Stores that a user wants another e-mail address.
     *
     * @param link for the present address
     * @param newEmailLink for the new one
     */
    public void emailChangeRequested(User user, String newEmail, String link, String newEmailLink, Instant expiresAt) {
        append(
                user.id(),
                "email-change-requested",
                new EmailChangeRequested(user.id().toString(), user.email(), newEmail, link, newEmailLink, expiresAt));
    }

    public void emailChanged(User user, String previousEmail) {
        append(user.id(), "email-changed", new EmailChanged(user.id().toString(), previousEmail, user.email()));
    }

    /** Stores that a person was erased; the last event of the account. */
    public void erased(UUID userId) {
        append(userId, "erased", new Erased(userId.toString()));
    }

    private void append(UUID userId, String what, Object data) {
        outbox.append(new OutboxEvent("user", userId.toString(), "user." + what + ".v1", data, clock.instant()));
    }

    private record Account(
            String userId,
            String email,
            boolean emailVerified,
            String name,
            String locale,
            List<Role> roles,
            boolean demo) {

        static Account of(User user) {
            return new Account(
                    user.id().toString(),
                    user.email(),
                    user.emailVerified(),
                    user.name(),
                    user.locale(),
                    List.copyOf(new TreeSet<>(user.roles())),
                    user.demo());
        }
    }

    private record VerificationRequested(
            String userId, String email, String link, Instant expiresAt, VerificationReason reason) {}

    private record PasswordResetRequested(String userId, String email, String link, Instant expiresAt) {}

    private record EmailChangeRequested(
            String userId, String email, String newEmail, String link, String newEmailLink, Instant expiresAt) {}

    private record EmailChanged(String userId, String previousEmail, String email) {}

    private record PasswordChanged(String userId, PasswordReason reason) {}

    private record Erased(String userId) {}
}
