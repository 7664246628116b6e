package dev.feira.catalog.domain;

/** The unit of prices and quantities; quantities are whole numbers. */
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
