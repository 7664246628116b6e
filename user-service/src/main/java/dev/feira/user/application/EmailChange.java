package dev.feira.user.application;

import dev.feira.user.domain.AccountLink;
import dev.feira.user.domain.AccountLink.Kind;
import dev.feira.user.domain.AttemptLimiter;
import dev.feira.user.domain.EmailAddress;
import dev.feira.user.domain.SecurityEvent;
import dev.feira.user.domain.SecurityLog;
import dev.feira.user.domain.User;
import dev.feira.user.domain.Users;
import dev.feira.user.events.UserEvents;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Changes the e-mail address of an account after links at both addresses were used: the present one shows that the user agrees,
 * the new one that it is the user's.
 */
@Service
public class EmailChange {

    private static final String LIMIT = "email-change";
    private static final String NETWORK = "email-change-network";
    private static final String RECEIVER = "email-change-to";
    private static final Set<Kind> KINDS = Set.of(Kind.EMAIL_CHANGE, Kind.EMAIL_CHANGE_NEW);

    private final Users users;
    private final CurrentPassword currentPassword;
    private final SingleUseLinks links;
    private final UserEvents events;
    private final SecurityLog securityLog;
    private final TransactionOperations transaction;
    private final Clock clock;

    EmailChange(
            Users users,
            CurrentPassword currentPassword,
            SingleUseLinks links,
            UserEvents events,
            SecurityLog securityLog,
            TransactionOperations transaction,
            Clock clock) {
        this.users = users;
        this.currentPassword = currentPassword;
        this.links = links;
        this.events = events;
        this.securityLog = securityLog;
        this.transaction = transaction;
        this.clock = clock;
    }

    /** The new address is the present one: 400. */
    public static final class SameAddress extends RuntimeException {}

    /** What a used link has done. */
    public enum Result {
        /** The link at the other address is not used yet. */
        WAITS_FOR_OTHER_ADDRESS,
        CHANGED
    }

    /**
     * Sends links to both addresses. Links of an earlier request become invalid.
     *
     * @param address the caller's IP address
     * @throws Profiles.UserNotFound the account does not exist
     * @throws Profiles.DemoAccount strangers share the account
     * @throws SameAddress the address is the present one
     * @throws Profiles.WrongPassword the current password is incorrect
     * @throws AttemptLimiter.TooManyAttempts too many requests, or too many incorrect passwords
     * @throws Registration.EmailTaken the address has an account
     */
    public void request(UUID id, String newEmail, String password, String address) {
        var user = users.findById(id).orElseThrow(Profiles.UserNotFound::new);
        if (user.demo()) {
            throw new Profiles.DemoAccount();
        }
        var email = EmailAddress.canonical(newEmail);
        if (email.equals(user.email())) {
            throw new SameAddress();
        }
        currentPassword.require(user, password);
        links.limit(LIMIT, id.toString());
        links.limitNetwork(NETWORK, Network.of(address)); // the response tells whether an address has an account
        links.limit(RECEIVER, email); // or a stranger's mailbox could be flooded
        requireFree(email, id);
        transaction.executeWithoutResult(_ -> {
            var current = users.lockById(id).orElseThrow(Profiles.UserNotFound::new);
            links.replace(id, KINDS);
            var request = UUID.randomUUID();
            var present = links.create(id, Kind.EMAIL_CHANGE, email, request);
            var other = links.create(id, Kind.EMAIL_CHANGE_NEW, email, request);
            securityLog.record(SecurityEvent.Type.EMAIL_CHANGE_REQUESTED, id, address);
            events.emailChangeRequested(
                    current, email, present.url(), other.url(), present.link().expiresAt());
        });
    }

    /** An address of an earlier version may be the user's own in another form. */
    private void requireFree(String email, UUID id) {
        if (users.findByEmailAddress(email)
                .filter(user -> !user.id().equals(id))
                .isPresent()) {
            throw new Registration.EmailTaken();
        }
    }

    /**
     * Returns the new address of a link.
     *
     * @throws InvalidLink the link has no effect
     */
    public String check(String token) {
        return links.require(token, KINDS).email();
    }

    /**
     * Uses one of the two links. The second one changes the address.
     *
     * @param address the caller's IP address
     * @throws InvalidLink the link has no effect
     * @throws Registration.EmailTaken meanwhile the address has another account; the link stays valid
     */
    public Result confirm(String token, String address) {
        var link = links.require(token, KINDS);
        try {
            return transaction.execute(_ -> {
                var user = users.lockById(link.userId()).orElseThrow(() -> new InvalidLink(InvalidLink.Reason.UNKNOWN));
                links.use(token);
                var other = link.kind() == Kind.EMAIL_CHANGE ? Kind.EMAIL_CHANGE_NEW : Kind.EMAIL_CHANGE;
                if (!links.isUsed(link.requestId(), other)) {
                    return Result.WAITS_FOR_OTHER_ADDRESS;
                }
                change(user, link, address);
                return Result.CHANGED;
            });
        } catch (DataIntegrityViolationException e) { // a parallel registration
            throw new Registration.EmailTaken();
        }
    }

    private void change(User user, AccountLink link, String address) {
        requireFree(link.email(), user.id());
        var saved = users.save(user.withEmail(link.email(), clock.instant()));
        links.replace(user.id(), EnumSet.allOf(Kind.class)); // those at the previous address
        securityLog.record(SecurityEvent.Type.EMAIL_CHANGED, user.id(), address);
        events.emailChanged(saved, user.email());
        events.changed(saved);
    }
}
