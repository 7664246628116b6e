package dev.feira.catalog.domain;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A stock keeping unit, as printed on the shelf label, e.g. {@code TOMATO-CHERRY-500}; case matters.
 *
 * @param value groups of capital letters and digits, parted by single hyphens, 40 characters at most
 */
public record Sku(String value) implements Comparable<Sku> {

    /** The form, as a regular expression. Its groups are counted: each takes some of the stack, also in a text of 1 MB. */
    public static final String FORM = "[A-Z0-9]+(?:-[A-Z0-9]+){0,19}";

    /** Characters at most. */
    public static final int MAX_LENGTH = 40;

    private static final Pattern PATTERN = Pattern.compile(FORM);

    public Sku {
        if (!hasForm(value)) {
            throw new IllegalArgumentException("not the form of a SKU");
        }
    }

    /** Returns the SKU, or nothing where the text has not the form of one. */
    public static Optional<Sku> parse(String value) {
        return hasForm(value) ? Optional.of(new Sku(value)) : Optional.empty();
    }

    private static boolean hasForm(String value) {
        return value.length() <= MAX_LENGTH && PATTERN.matcher(value).matches();
    }

    /** As PostgreSQL orders them under collation C: the order in which stock is locked. */
    @Override
    public int compareTo(Sku other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
