package dev.feira.catalog.domain;

/**
 * Where a page ended: the next one begins after it.
 *
 * @param key what the list is ordered by, of the last entry
 * @param id the identity of the last entry, which breaks ties
 */
public record Position(String key, String id) {}
