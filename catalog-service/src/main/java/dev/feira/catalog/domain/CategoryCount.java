package dev.feira.catalog.domain;

/**
 * A category with its number of products.
 *
 * @param category the category
 * @param productCount its active products, in stock or not
 */
public record CategoryCount(Category category, long productCount) {}
