package dev.feira.catalog.domain;

/**
 * The position of an entry in an ordered list; the next page begins after it.
 *
 * @param key the value that the list is ordered by
 * @param id the id of the entry, which breaks ties
 */
public record Position(String key, String id) {}
