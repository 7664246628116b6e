package dev.feira.catalog.domain;

/** There is no such category. */
public class UnknownCategory extends RuntimeException {

    public UnknownCategory(String slug) {
        super("There is no category '" + slug + "'.");
    }
}
