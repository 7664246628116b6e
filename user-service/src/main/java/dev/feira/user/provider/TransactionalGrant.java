package dev.feira.user.provider;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Runs a grant in one transaction, in which the store of authorizations locks the family of tokens. Of two parallel
 * requests with one code or refresh token, the second sees the result of the first. A rejected grant commits too, so
 * that an ended family or an invalidated code is stored.
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

    private sealed interface Result {

        record Granted(@Nullable Authentication authentication) implements Result {}

        record Rejected(AuthenticationException reason) implements Result {}
    }

    @Override
    public @Nullable Authentication authenticate(Authentication authentication) throws AuthenticationException {
        Result result = transaction.execute(_ -> {
            try {
                return new Result.Granted(grant.authenticate(authentication));
            } catch (AuthenticationException e) {
                return new Result.Rejected(e);
            }
        });
        return switch (result) {
            case Result.Granted granted -> granted.authentication();
            case Result.Rejected rejected -> throw rejected.reason();
        };
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return grant.supports(authentication);
    }
}
