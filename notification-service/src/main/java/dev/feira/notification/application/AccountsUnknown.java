package dev.feira.notification.application;

import org.springframework.dao.RecoverableDataAccessException;

/**
 * No account is known yet: the feed of user-service could not be read since the first start. Being recoverable, it makes the inbox
 * wait before the event, instead of parking each one.
 */
public class AccountsUnknown extends RecoverableDataAccessException {

    AccountsUnknown() {
        super("no account is known yet: the feed of user-service has not been read");
    }
}
