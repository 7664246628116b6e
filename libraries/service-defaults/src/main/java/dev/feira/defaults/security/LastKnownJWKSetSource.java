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
 * Returns the last keys when the rate limit of the key endpoint is reached. Anyone can send unknown key ids, so the limit does
 * not mean an outage: a token with a known key stays valid, one with an unknown key is invalid.
 */
final class LastKnownJWKSetSource extends JWKSetSourceWrapper<SecurityContext> {

    private volatile @Nullable JWKSet last;

    LastKnownJWKSetSource(JWKSetSource<SecurityContext> limited) {
        super(limited);
    }

    /** @throws KeySourceException the keys cannot be read now, or could not at the last attempt */
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
