package dev.feira.user.provider;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Runs a grant in one transaction, in which {@link Authorizations} holds the family of tokens: of two requests with the
 * same code or refresh token at the same time, one sees what the other did. A refusal is an answer, not a failure: what
 * it wrote (a family that ended, a code that is void) is kept.
 */
final class TransactionalGrant implements AuthenticationProvider {

    private final AuthenticationProvider grant;
    private final TransactionOperations transaction;

    private TransactionalGrant(AuthenticationProvider grant, TransactionOperations transaction) {
        this.grant = grant;
        this.transaction = transaction;
    }

    static void wrap(List<AuthenticationProvider> grants, TransactionOperations transaction) {
        grants.replaceAll(grant -> new TransactionalGrant(grant, transaction));
    }

    private sealed interface Answer {

        record Given(@Nullable Authentication authentication) implements Answer {}

        record Refused(AuthenticationException why) implements Answer {}
    }

    @Override
    public @Nullable Authentication authenticate(Authentication authentication) throws AuthenticationException {
        Answer answer = transaction.execute(_ -> {
            try {
                return new Answer.Given(grant.authenticate(authentication));
            } catch (AuthenticationException e) {
                return new Answer.Refused(e);
            }
        });
        return switch (answer) {
            case Answer.Given given -> given.authentication();
            case Answer.Refused refused -> throw refused.why();
        };
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return grant.supports(authentication);
    }
}
