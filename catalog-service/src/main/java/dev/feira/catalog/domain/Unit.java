package dev.feira.catalog.domain;

/** What one is of: prices and quantities are per unit, and quantities are whole. */
public enum Unit {
    KG,
    PIECE,
    BUNCH,
    LOAF,
    JAR,
    BOTTLE,
    PACK,
    DOZEN
}
