package dev.feira.catalog.domain;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A stock keeping unit, e.g. {@code TOMATO-CHERRY-500}; case-sensitive.
 *
 * @param value groups of capital letters and digits, separated by single hyphens; 40 characters at most
 */
public record Sku(String value) implements Comparable<Sku> {

    /** The format as a regular expression; the number of groups is limited, because each uses stack. */
    public static final String FORM = "[A-Z0-9]+(?:-[A-Z0-9]+){0,19}";

    /** Maximum number of characters. */
    public static final int MAX_LENGTH = 40;

    private static final Pattern PATTERN = Pattern.compile(FORM);

    public Sku {
        if (!isValid(value)) {
            throw new IllegalArgumentException("not a valid SKU");
        }
    }

    /** Returns the SKU, or nothing if the text is malformed. */
    public static Optional<Sku> parse(String value) {
        return isValid(value) ? Optional.of(new Sku(value)) : Optional.empty();
    }

    private static boolean isValid(String value) {
        return value.length() <= MAX_LENGTH && PATTERN.matcher(value).matches();
    }

    /** Compares like PostgreSQL with collation C: the order in which stock is locked. */
    @Override
    public int compareTo(Sku other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
