package dev.feira.user.application;

import dev.feira.user.application.Profiles.DemoAccount;
import dev.feira.user.application.Profiles.UserNotFound;
import dev.feira.user.domain.ActiveSessions;
import dev.feira.user.domain.ActiveSignIn;
import dev.feira.user.domain.ActiveSignIns;
import dev.feira.user.domain.SecurityEvent;
import dev.feira.user.domain.SecurityLog;
import dev.feira.user.domain.User;
import dev.feira.user.domain.Users;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionOperations;

/** Shows users where they are signed in, and ends it. */
@Service
public class SignIns {

    private final Users users;
    private final ActiveSignIns signIns;
    private final List<ActiveSessions> sessions;
    private final SecurityLog securityLog;
    private final TransactionOperations transaction;

    SignIns(
            Users users,
            ActiveSignIns signIns,
            List<ActiveSessions> sessions,
            SecurityLog securityLog,
            TransactionOperations transaction) {
        this.users = users;
        this.signIns = signIns;
        this.sessions = sessions;
        this.securityLog = securityLog;
        this.transaction = transaction;
    }

    /**
     * Returns the sign-ins that still give access, at most 100, the last used one first. For a demonstration account, which
     * strangers share, returns only the current one.
     *
     * @param accessToken the token of the request
     * @throws UserNotFound the account does not exist
     */
    public List<ActiveSignIn> list(UUID id, String accessToken) {
        return user(id).demo() ? signIns.current(id, accessToken).stream().toList() : signIns.of(id, accessToken);
    }

    /**
     * Ends all sign-ins of the user. Access tokens that services have stay valid for their few minutes.
     *
     * @param address the caller's IP address
     * @throws UserNotFound the account does not exist
     * @throws DemoAccount strangers share the account
     */
    public void endAll(UUID id, String address) {
        if (user(id).demo()) {
            throw new DemoAccount();
        }
        transaction.executeWithoutResult(_ -> {
            sessions.forEach(each -> each.endAll(id));
            securityLog.record(SecurityEvent.Type.SIGNED_OUT, id, null, address, Map.of("everywhere", true));
        });
    }

    private User user(UUID id) {
        return users.findById(id).orElseThrow(UserNotFound::new);
    }
}
