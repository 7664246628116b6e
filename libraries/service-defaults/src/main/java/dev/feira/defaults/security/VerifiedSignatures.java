package dev.feira.defaults.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.jca.JCAContext;
import com.nimbusds.jose.proc.JWSVerifierFactory;
import com.nimbusds.jose.util.Base64URL;
import java.nio.ByteBuffer;
import java.security.Key;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Verifies a signature once, and stores that it is valid. A client sends the same token for ten minutes, and the arithmetic of
 * ES256 is the most expensive part of a request. Only its result is stored, for the same bytes and the same key. Whether the
 * key is published and the token has expired is checked for each request. A wrong signature is not stored.
 */
final class VerifiedSignatures implements JWSVerifierFactory {

    /** Some 2 KB each. */
    private static final int LIMIT = 1_000;

    private record Signature(Key key, ByteBuffer input, Base64URL signature) {}

    private final JWSVerifierFactory verifiers;
    private final Set<Signature> valid = Collections.synchronizedSet(
            Collections.newSetFromMap(new LinkedHashMap<Signature, Boolean>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Signature, Boolean> eldest) {
                    return size() > LIMIT;
                }
            }));

    VerifiedSignatures(JWSVerifierFactory verifiers) {
        this.verifiers = verifiers;
    }

    @Override
    public Set<JWSAlgorithm> supportedJWSAlgorithms() {
        return verifiers.supportedJWSAlgorithms();
    }

    @Override
    public JCAContext getJCAContext() {
        return verifiers.getJCAContext();
    }

    @Override
    public JWSVerifier createJWSVerifier(JWSHeader header, Key key) throws JOSEException {
        return new StoringVerifier(verifiers.createJWSVerifier(header, key), key);
    }

    private final class StoringVerifier implements JWSVerifier {

        private final JWSVerifier verifier;
        private final Key key;

        StoringVerifier(JWSVerifier verifier, Key key) {
            this.verifier = verifier;
            this.key = key;
        }

        @Override
        public boolean verify(JWSHeader header, byte[] input, Base64URL signature) throws JOSEException {
            var known = new Signature(key, ByteBuffer.wrap(input), signature);
            if (valid.contains(known)) {
                return true;
            }
            var isValid = verifier.verify(header, input, signature);
            if (isValid) {
                valid.add(known);
            }
            return isValid;
        }

        @Override
        public Set<JWSAlgorithm> supportedJWSAlgorithms() {
            return verifier.supportedJWSAlgorithms();
        }

        @Override
        public JCAContext getJCAContext() {
            return verifier.getJCAContext();
        }
    }
}
