package dev.feira.user.application;

import dev.feira.user.config.UserProperties;
import dev.feira.user.domain.AttemptLimiter;
import dev.feira.user.domain.User;
import org.springframework.stereotype.Component;

/** Checks the password of a signed-in user again, before a change that a stolen session must not make. */
@Component
class CurrentPassword {

    private static final String SCOPE = "change-password";

    private final PasswordHashes hashes;
    private final AttemptLimiter attempts;
    private final UserProperties.SignIn settings;

    CurrentPassword(PasswordHashes hashes, AttemptLimiter attempts, UserProperties settings) {
        this.hashes = hashes;
        this.attempts = attempts;
        this.settings = settings.signIn();
    }

    /**
     * Checks that the password is the user's.
     *
     * @throws Profiles.WrongPassword the password is incorrect
     * @throws AttemptLimiter.TooManyAttempts it was incorrect too often
     * @throws PasswordHashes.Busy too many passwords are hashed in parallel
     */
    void require(User user, String password) {
        var key = user.id().toString();
        attempts.acquire(SCOPE, key, SignIn.limit(settings, settings.pairAttempts()));
        if (!hashes.matches(password, user.passwordHash())) {
            throw new Profiles.WrongPassword();
        }
        attempts.reset(SCOPE, key);
    }
}
