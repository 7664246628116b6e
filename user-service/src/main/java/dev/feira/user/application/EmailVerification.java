package dev.feira.user.application;

import dev.feira.user.domain.AccountLink.Kind;
import dev.feira.user.domain.AttemptLimiter;
import dev.feira.user.domain.SecurityEvent;
import dev.feira.user.domain.SecurityLog;
import dev.feira.user.domain.User;
import dev.feira.user.domain.Users;
import dev.feira.user.events.UserEvents;
import java.time.Clock;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionOperations;

/** Verifies that an e-mail address belongs to the user, by a link that is sent to it. */
@Service
public class EmailVerification {

    private static final String LIMIT = "verification";
    private static final Set<Kind> KINDS = Set.of(Kind.VERIFICATION);

    private final Users users;
    private final SingleUseLinks links;
    private final UserEvents events;
    private final SecurityLog securityLog;
    private final TransactionOperations transaction;
    private final Clock clock;

    EmailVerification(
            Users users,
            SingleUseLinks links,
            UserEvents events,
            SecurityLog securityLog,
            TransactionOperations transaction,
            Clock clock) {
        this.users = users;
        this.links = links;
        this.events = events;
        this.securityLog = securityLog;
        this.transaction = transaction;
        this.clock = clock;
    }

    /**
     * Sends another link.
     *
     * @return false if the address is verified already
     * @throws Profiles.UserNotFound the account does not exist
     * @throws AttemptLimiter.TooManyAttempts too many links were sent
     */
    public boolean request(UUID id) {
        if (users.findById(id).orElseThrow(Profiles.UserNotFound::new).emailVerified()) {
            return false;
        }
        links.limit(LIMIT, id.toString());
        transaction.executeWithoutResult(_ -> send(
                users.lockById(id).orElseThrow(Profiles.UserNotFound::new), UserEvents.VerificationReason.REQUESTED));
        return true;
    }

    /** Sends a link, in the caller's transaction. Earlier links stay valid: messages may arrive in any order. */
    void send(User user, UserEvents.VerificationReason reason) {
        var created = links.create(user.id(), Kind.VERIFICATION, user.email(), UUID.randomUUID());
        events.verificationRequested(user, created.url(), created.link().expiresAt(), reason);
    }

    /**
     * Returns the address that a link verifies.
     *
     * @throws InvalidLink the link has no effect
     */
    public String check(String token) {
        return links.require(token, KINDS).email();
    }

    /**
     * Verifies the address of a link.
     *
     * @param address the caller's IP address
     * @throws InvalidLink the link has no effect
     */
    public void verify(String token, String address) {
        var link = links.require(token, KINDS);
        transaction.executeWithoutResult(_ -> {
            var user = users.lockById(link.userId())
                    .filter(found -> found.email().equals(link.email()))
                    .orElseThrow(() -> new InvalidLink(InvalidLink.Reason.UNKNOWN));
            links.use(token);
            if (!user.emailVerified()) {
                events.changed(users.save(user.verified(clock.instant())));
                securityLog.record(SecurityEvent.Type.EMAIL_VERIFIED, user.id(), address);
            }
        });
    }
}
