package dev.feira.user.domain;

import java.net.IDN;
import java.text.Normalizer;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An e-mail address in the one form in which accounts have it: in lower case and NFC, with an international domain in
 * Unicode. {@code ana@xn--bcher-kva.example} and {@code Ana@BÜCHER.example} are {@code ana@bücher.example}. RFC 5321 permits a
 * case-sensitive part before the @; no e-mail provider uses it.
 *
 * <p>Domains are compared by {@link IDN}, which implements IDNA 2003. It maps ß to ss and ς to σ, which are different domains
 * since IDNA 2008. So a label with one of these letters keeps it, and its form of {@code xn--} is rejected.
 *
 * @param value the address
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5890#section-2.3.2.1">RFC 5890, A-label and U-label</a>
 */
public record EmailAddress(String value) {

    /** Maximum number of characters. */
    public static final int MAX_LENGTH = 254;

    private static final Pattern DOTS = Pattern.compile("[.\\u3002\\uff0e\\uff61]"); // RFC 3490, section 3.1
    private static final Pattern LETTERS_OF_2008 = Pattern.compile("[ßς]");
    private static final String ACE_PREFIX = "xn--";

    /** Returns the address, or nothing if its domain is malformed. */
    public static Optional<EmailAddress> parse(String text) {
        var plain = User.normalized(text);
        var at = plain.lastIndexOf('@');
        if (at < 0 || plain.length() > MAX_LENGTH) { // Punycode takes quadratic time
            return Optional.empty();
        }
        return Optional.ofNullable(domain(plain.substring(at + 1)))
                .map(domain -> Normalizer.normalize(plain.substring(0, at + 1), Normalizer.Form.NFC) + domain)
                .filter(address -> address.length() <= MAX_LENGTH)
                .map(EmailAddress::new);
    }

    /** Returns the address in its one form; a malformed one in lower case, which no new account has. */
    public static String canonical(String text) {
        return parse(text).map(EmailAddress::value).orElseGet(() -> User.normalized(text));
    }

    /**
     * Returns the forms under which an account may be stored, its own first: earlier versions stored an address as it was
     * typed, in lower case.
     */
    public static Set<String> storedForms(String text) {
        var forms = new LinkedHashSet<String>();
        forms.add(User.normalized(text));
        parse(text).ifPresent(address -> {
            forms.add(address.value);
            var at = address.value.lastIndexOf('@') + 1;
            forms.add(address.value.substring(0, at) + ascii(address.value.substring(at)));
        });
        return forms;
    }

    private static String ascii(String domain) {
        try {
            return LETTERS_OF_2008.matcher(domain).find() ? domain : IDN.toASCII(domain, IDN.ALLOW_UNASSIGNED);
        } catch (IllegalArgumentException _) {
            return domain; // an empty label, or one of more than 63 characters: no account has it
        }
    }

    private static @Nullable String domain(String domain) {
        if (domain.chars().allMatch(character -> character < 0x80) && !domain.contains(ACE_PREFIX)) {
            return domain;
        }
        var labels = new StringJoiner(".");
        for (var label : DOTS.split(domain, -1)) {
            var unicode = label(label);
            if (unicode == null) {
                return null;
            }
            labels.add(unicode);
        }
        return labels.toString();
    }

    private static @Nullable String label(String label) {
        if (label.isEmpty()) {
            return null;
        }
        String ascii;
        try {
            ascii = IDN.toASCII(label, IDN.ALLOW_UNASSIGNED | IDN.USE_STD3_ASCII_RULES)
                    .toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            return null; // a prohibited character, mixed directions, or more than 63 characters
        }
        if (LETTERS_OF_2008.matcher(label).find()) {
            return Normalizer.normalize(label, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
        }
        var unicode = IDN.toUnicode(ascii, IDN.ALLOW_UNASSIGNED);
        // it returns its parameter where that is no Punycode
        return ascii.startsWith(ACE_PREFIX) && unicode.equals(ascii) ? null : unicode;
    }
}
