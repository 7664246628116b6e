package dev.feira.user.domain;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Decides which passwords are accepted: long ones that are neither common nor derived from the account. There is no rule
 * about kinds of characters, since such rules lead to weaker passwords.
 *
 * @see <a href="https://pages.nist.gov/800-63-4/sp800-63b.html#passwordver">NIST SP 800-63B-4, section 3.1.1.2</a>
 */
public final class PasswordRules {

    /** Minimum length, in characters. */
    public static final int MIN_LENGTH = 10;

    /** Maximum length, in characters: long enough for a sentence, too short to exhaust the hash function. */
    public static final int MAX_LENGTH = 200;

    private static final Set<String> COMMON = common();

    /** Why a password is rejected. */
    public enum Violation {
        TOO_SHORT("must have at least " + MIN_LENGTH + " characters"),
        TOO_LONG("must have at most " + MAX_LENGTH + " characters"),
        LIKE_THE_ACCOUNT("must not be the e-mail address or the name"),
        TOO_COMMON("must not be a common password"),
        TOO_SIMPLE("must not repeat one or two characters, or be a sequence");

        private final String message;

        Violation(String message) {
            this.message = message;
        }

        /** Returns the rule, worded to follow the field's name. */
        public String message() {
            return message;
        }
    }

    private PasswordRules() {}

    /**
     * Returns one form for a password, whichever way a keyboard composes its letters.
     *
     * @see <a href="https://www.rfc-editor.org/rfc/rfc8265">RFC 8265, OpaqueString</a>
     */
    public static String normalized(String password) {
        return Normalizer.normalize(password, Normalizer.Form.NFC);
    }

    /** Returns the first rule that the password violates, if any. */
    public static Optional<Violation> violation(String password, String email, String name) {
        var length = password.codePointCount(0, password.length());
        if (length < MIN_LENGTH) {
            return Optional.of(Violation.TOO_SHORT);
        }
        if (length > MAX_LENGTH) {
            return Optional.of(Violation.TOO_LONG);
        }
        var bare = bare(password);
        var address = email.toLowerCase(Locale.ROOT);
        var local = address.contains("@") ? address.substring(0, address.indexOf('@')) : address;
        if (bare.equals(bare(address)) || bare.equals(bare(local)) || bare.equals(bare(name))) {
            return Optional.of(Violation.LIKE_THE_ACCOUNT);
        }
        if (COMMON.contains(bare)) {
            return Optional.of(Violation.TOO_COMMON);
        }
        return isSimple(password) ? Optional.of(Violation.TOO_SIMPLE) : Optional.empty();
    }

    private static boolean isSimple(String password) {
        if (password.chars().distinct().count() <= 2) {
            return true;
        }
        for (var step : new int[] {1, -1}) {
            var sequence = true;
            for (var i = 1; i < password.length() && sequence; i++) {
                sequence = password.charAt(i) - password.charAt(i - 1) == step;
            }
            if (sequence) {
                return true;
            }
        }
        return false;
    }

    /** Removes case, spaces, and digits and punctuation at the end: "Password 2026!" becomes "password". */
    private static String bare(String text) {
        var small = text.toLowerCase(Locale.ROOT).replaceAll("\\s", "");
        var stripped = small.replaceAll("[\\d\\p{Punct}]+$", "");
        return stripped.isEmpty() ? small : stripped;
    }

    private static Set<String> common() {
        try (var stream = PasswordRules.class.getResourceAsStream("/passwords/common.txt")) {
            if (stream == null) {
                throw new IllegalStateException("passwords/common.txt is missing from the jar");
            }
            return new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(PasswordRules::bare)
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
