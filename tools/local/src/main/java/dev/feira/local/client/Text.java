package dev.feira.local.client;

/** A text in the two languages of the shop. */
public record Text(String en, String pt) {}
