package dev.feira.catalog.domain;

/** Guards the first load of the catalog. */
public interface EmptyCatalog {

    /**
     * Locks the load for all replicas until the transaction ends.
     *
     * @return whether the catalog has no category and no product
     */
    boolean claim();
}
