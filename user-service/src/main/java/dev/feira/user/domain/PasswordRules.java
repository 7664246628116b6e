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
 * Which passwords are good enough: long ones that are neither common nor made from the account itself. There are no
 * rules about kinds of characters; they make passwords worse.
 *
 * @see <a href="https://pages.nist.gov/800-63-4/sp800-63b.html#passwordver">NIST SP 800-63B-4, section 3.1.1.2</a>
 */
public final class PasswordRules {

    /** Shortest password, in characters. */
    public static final int SHORTEST = 10;

    /** Longest password, in characters: enough for any sentence, too little to be an attack on the hash. */
    public static final int LONGEST = 200;

    private static final Set<String> COMMON = common();

    /** Why a password is refused. */
    public enum Flaw {
        TOO_SHORT("must have at least " + SHORTEST + " characters"),
        TOO_LONG("must have at most " + LONGEST + " characters"),
        LIKE_THE_ACCOUNT("must not be the e-mail address or the name"),
        TOO_COMMON("is one of the first that would be guessed"),
        TOO_SIMPLE("must not repeat one or two characters or count on");

        private final String message;

        Flaw(String message) {
            this.message = message;
        }

        /** Returns the rule, to be read after the field's name. */
        public String message() {
            return message;
        }
    }

    private PasswordRules() {}

    /**
     * One form for one password, however a keyboard composes its letters.
     *
     * @see <a href="https://www.rfc-editor.org/rfc/rfc8265">RFC 8265, OpaqueString</a>
     */
    public static String normalized(String password) {
        return Normalizer.normalize(password, Normalizer.Form.NFC);
    }

    /** Returns what is wrong with the password, or nothing. */
    public static Optional<Flaw> flaw(String password, String email, String name) {
        var length = password.codePointCount(0, password.length());
        if (length < SHORTEST) {
            return Optional.of(Flaw.TOO_SHORT);
        }
        if (length > LONGEST) {
            return Optional.of(Flaw.TOO_LONG);
        }
        var bare = bare(password);
        var address = email.toLowerCase(Locale.ROOT);
        var local = address.contains("@") ? address.substring(0, address.indexOf('@')) : address;
        if (bare.equals(bare(address)) || bare.equals(bare(local)) || bare.equals(bare(name))) {
            return Optional.of(Flaw.LIKE_THE_ACCOUNT);
        }
        if (COMMON.contains(bare)) {
            return Optional.of(Flaw.TOO_COMMON);
        }
        return isSimple(password) ? Optional.of(Flaw.TOO_SIMPLE) : Optional.empty();
    }

    private static boolean isSimple(String password) {
        if (password.chars().distinct().count() <= 2) {
            return true;
        }
        for (var step : new int[] {1, -1}) {
            var counts = true;
            for (var i = 1; i < password.length() && counts; i++) {
                counts = password.charAt(i) - password.charAt(i - 1) == step;
            }
            if (counts) {
                return true;
            }
        }
        return false;
    }

    /** Small letters, no space, and no digits or signs at the end: "Password 2026!" is "password". */
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
