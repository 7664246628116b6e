package dev.feira.payment.domain;

import java.util.regex.Pattern;

/**
 * A card number. It is neither stored nor part of {@link #toString()}.
 *
 * @param digits 12 to 19 digits with a valid check digit (Luhn; ISO/IEC 7812-1, annex B)
 */
public record CardNumber(String digits) {

    private static final Pattern DIGITS = Pattern.compile("\\d{12,19}");

    public CardNumber {
        if (!DIGITS.matcher(digits).matches()) {
            throw new InvalidCard("cardNumber", "must have 12 to 19 digits");
        }
        if (!passesLuhn(digits)) {
            throw new InvalidCard("cardNumber", "has a wrong check digit");
        }
    }

    /** Parses a number with optional spaces or hyphens. */
    public static CardNumber parse(String typed) {
        return new CardNumber(typed.replaceAll("[ -]", ""));
    }

    /** Returns the last four digits, which may be stored and shown. */
    public String last4() {
        return digits.substring(digits.length() - 4);
    }

    private static boolean passesLuhn(String digits) {
        var sum = 0;
        for (var i = 0; i < digits.length(); i++) {
            var digit = digits.charAt(digits.length() - 1 - i) - '0';
            var weighted = i % 2 == 0 ? digit : 2 * digit;
            sum += weighted > 9 ? weighted - 9 : weighted;
        }
        return sum % 10 == 0;
    }

    @Override
    public String toString() {
        return "CardNumber[… " + last4() + "]";
    }
}
