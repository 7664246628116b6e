package dev.feira.catalog.domain;

/** Thrown when the category does not exist. */
public class UnknownCategory extends RuntimeException {

    public UnknownCategory(String slug) {
        super("There is no category '" + slug + "'.");
    }
}
