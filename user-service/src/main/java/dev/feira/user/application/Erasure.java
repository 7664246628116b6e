package dev.feira.user.application;

import dev.feira.user.domain.ActiveSessions;
import dev.feira.user.domain.AttemptLimiter;
import dev.feira.user.domain.EmailAddress;
import dev.feira.user.domain.KnownNetworks;
import dev.feira.user.domain.PersonalData;
import dev.feira.user.domain.SecurityEvent;
import dev.feira.user.domain.SecurityLog;
import dev.feira.user.domain.User;
import dev.feira.user.domain.Users;
import dev.feira.user.events.UserEvents;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionOperations;

/** Erases a person: the account, what belongs to it, and what tells of it. */
@Service
public class Erasure {

    private final Users users;
    private final CurrentPassword currentPassword;
    private final List<ActiveSessions> sessions;
    private final KnownNetworks knownNetworks;
    private final AttemptLimiter attempts;
    private final PersonalData personalData;
    private final SecurityLog securityLog;
    private final UserEvents events;
    private final TransactionOperations transaction;

    Erasure(
            Users users,
            CurrentPassword currentPassword,
            List<ActiveSessions> sessions,
            KnownNetworks knownNetworks,
            AttemptLimiter attempts,
            PersonalData personalData,
            SecurityLog securityLog,
            UserEvents events,
            TransactionOperations transaction) {
        this.users = users;
        this.currentPassword = currentPassword;
        this.sessions = sessions;
        this.knownNetworks = knownNetworks;
        this.attempts = attempts;
        this.personalData = personalData;
        this.securityLog = securityLog;
        this.events = events;
        this.transaction = transaction;
    }

    /**
     * Erases the user. Of parallel calls one succeeds. Issued access tokens stay valid for their few minutes, but find no account.
     *
     * @throws Profiles.UserNotFound the account does not exist, or no longer
     * @throws Profiles.DemoAccount strangers share the account
     * @throws Profiles.WrongPassword the current password is incorrect
     * @throws AttemptLimiter.TooManyAttempts the current password was incorrect too often
     */
    public void erase(UUID id, String password) {
        var user = users.findById(id).orElseThrow(Profiles.UserNotFound::new);
        if (user.demo()) {
            throw new Profiles.DemoAccount();
        }
        currentPassword.require(user, password);
        transaction.executeWithoutResult(_ -> erase(users.lockById(id).orElseThrow(Profiles.UserNotFound::new)));
    }

    /** The lock of the user's row comes first: no other transaction writes events of this user. */
    private void erase(User user) {
        sessions.forEach(each -> each.endAll(user.id()));
        var account = EmailAddress.canonical(user.email()); // as attempts are counted
        attempts.reset(SignIn.ACCOUNT, account);
        attempts.reset(PasswordReset.ACCOUNT, account);
        knownNetworks.of(user.id()).forEach(network -> attempts.reset(SignIn.PAIR, account + " " + network));
        users.deleteById(user.id()); // with addresses, networks and links
        personalData.erase(user.id());
        securityLog.record(SecurityEvent.Type.ACCOUNT_ERASED, user.id(), null);
        events.erased(user.id());
    }
}
