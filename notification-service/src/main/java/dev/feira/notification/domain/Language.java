package dev.feira.notification.domain;

import java.util.Locale;

/** The languages of mail. */
public enum Language {
    EN("en-IE"),
    PT("pt-PT");

    private final Locale locale;

    Language(String tag) {
        this.locale = Locale.forLanguageTag(tag);
    }

    /** Returns the language and region for texts and amounts. */
    public Locale locale() {
        return locale;
    }

    /** Returns the language with a tag such as {@code pt}; English for an unknown one. */
    public static Language of(String tag) {
        return tag.equals("pt") ? PT : EN;
    }
}
