package dev.feira.defaults.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import java.security.Key;
import java.security.interfaces.ECPublicKey;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class VerifiedSignaturesTests {

    private final AtomicInteger calculations = new AtomicInteger();
    private final VerifiedSignatures signatures = new VerifiedSignatures(new CountingVerifiers());

    /** Counts how often a signature is calculated. */
    private final class CountingVerifiers extends DefaultJWSVerifierFactory {

        @Override
        public JWSVerifier createJWSVerifier(JWSHeader header, Key key) throws JOSEException {
            return new ECDSAVerifier((ECPublicKey) key) {
                @Override
                public boolean verify(JWSHeader verified, byte[] input, Base64URL signature) throws JOSEException {
                    calculations.incrementAndGet();
                    return super.verify(verified, input, signature);
                }
            };
        }
    }

    private static ECKey key() throws Exception {
        return new ECKeyGenerator(Curve.P_256).generate();
    }

    private static JWSObject signed(ECKey key, String text) throws Exception {
        var object = new JWSObject(new JWSHeader(JWSAlgorithm.ES256), new Payload(text));
        object.sign(new ECDSASigner(key));
        return object;
    }

    /** A key of its own, as the processor makes one from the key set for each token. */
    private boolean isValid(JWSObject object, ECKey key) throws Exception {
        return JWSObject.parse(object.serialize())
                .verify(signatures.createJWSVerifier(
                        object.getHeader(),
                        ECKey.parse(key.toPublicJWK().toJSONString()).toECPublicKey()));
    }

    @Test
    void calculatesValidSignatureOnce() throws Exception {
        var key = key();
        var token = signed(key, "orders");

        assertThat(isValid(token, key)).isTrue();
        assertThat(isValid(token, key)).isTrue();

        assertThat(calculations).hasValue(1);
    }

    @Test
    void rejectsChangedTokenAfterValidOne() throws Exception {
        var key = key();
        var token = signed(key, "customer");
        isValid(token, key);
        var other = signed(key, "staff");
        var header = token.getHeader().toBase64URL();

        assertThat(isValid(new JWSObject(header, other.getPayload().toBase64URL(), token.getSignature()), key))
                .as("the payload of another")
                .isFalse();
        assertThat(isValid(new JWSObject(header, token.getPayload().toBase64URL(), other.getSignature()), key))
                .as("the signature of another")
                .isFalse();
        assertThat(isValid(token, key())).as("another key").isFalse();
    }

    @Test
    void calculatesWrongSignatureEachTime() throws Exception {
        var token = signed(key(), "orders");
        var another = key();

        assertThat(isValid(token, another)).isFalse();
        assertThat(isValid(token, another)).isFalse();

        assertThat(calculations).hasValue(2);
    }

    @Test
    void storesLimitedNumber() throws Exception {
        var key = key();
        var first = signed(key, "first");
        isValid(first, key);
        for (var number = 0; number < 1_000; number++) {
            isValid(signed(key, "token " + number), key);
        }

        isValid(first, key);

        assertThat(calculations).hasValue(1_002);
    }
}
