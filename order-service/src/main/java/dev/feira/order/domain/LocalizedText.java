package dev.feira.order.domain;

/**
 * A text in both languages of the shop.
 *
 * @param en English
 * @param pt Portuguese
 */
public record LocalizedText(String en, String pt) {}
