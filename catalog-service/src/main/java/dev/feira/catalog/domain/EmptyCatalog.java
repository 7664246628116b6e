package dev.feira.catalog.domain;

/** A catalog that may be filled for the first time. */
public interface EmptyCatalog {

    /**
     * Waits until no other replica is filling the catalog, and keeps the others waiting until the transaction ends.
     *
     * @return whether there is neither a category nor a product
     */
    boolean claim();
}
