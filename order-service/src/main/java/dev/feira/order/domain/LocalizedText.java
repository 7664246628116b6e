package dev.feira.order.domain;

/**
 * A text in the two languages of the market.
 *
 * @param en English
 * @param pt Portuguese
 */
public record LocalizedText(String en, String pt) {}
