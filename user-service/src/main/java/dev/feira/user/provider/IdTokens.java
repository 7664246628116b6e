package dev.feira.user.provider;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jwt.SignedJWT;
import dev.feira.user.keys.SigningKey;
import java.util.List;

/** Checks the signature of an ID token whatever its age: a person may sign out with an old one. */
final class IdTokens {

    private IdTokens() {}

    static boolean isSignedBy(SignedJWT token, List<SigningKey> keys) {
        if (!JWSAlgorithm.ES256.equals(token.getHeader().getAlgorithm())) {
            return false;
        }
        return keys.stream()
                .filter(key -> key.kid().equals(token.getHeader().getKeyID()))
                .anyMatch(key -> {
                    try {
                        return token.verify(new ECDSAVerifier(key.publicKey()));
                    } catch (JOSEException e) {
                        return false;
                    }
                });
    }
}
