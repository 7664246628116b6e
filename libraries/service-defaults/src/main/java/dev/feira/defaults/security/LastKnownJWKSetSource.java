package dev.feira.defaults.security;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetSourceWrapper;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.SecurityContext;
import org.jspecify.annotations.Nullable;

/**
 * Answers with the keys that were read last where they may not be read again so soon. Anybody can invent key ids, so
 * the limit says nothing of the issuer: a token whose key is not among those read a moment ago is wrong, and one whose
 * key is stays right.
 */
final class LastKnownJWKSetSource extends JWKSetSourceWrapper<SecurityContext> {

    private volatile @Nullable JWKSet last;

    LastKnownJWKSetSource(JWKSetSource<SecurityContext> limited) {
        super(limited);
    }

    /** @throws KeySourceException the keys cannot be read, or could not be a moment ago */
    @Override
    public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator refresh, long now, @Nullable SecurityContext context)
            throws KeySourceException {
        try {
            var read = getSource().getJWKSet(refresh, now, context);
            last = read;
            return read;
        } catch (RateLimitReachedException e) {
            var known = last;
            if (known == null) {
                throw e;
            }
            return known;
        } catch (KeySourceException e) {
            last = null;
            throw e;
        }
    }
}
