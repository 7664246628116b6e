package dev.feira.catalog.domain;

/**
 * A text in both languages of the shop.
 *
 * @param en in English
 * @param pt in Portuguese
 */
public record Text(String en, String pt) {

    public Text {
        if (en.isBlank() || pt.isBlank()) {
            throw new IllegalArgumentException("text is required in both languages");
        }
    }

    /** Returns the text in one of the languages. */
    public String in(Language language) {
        return switch (language) {
            case EN -> en;
            case PT -> pt;
        };
    }
}
