package dev.feira.local.client;

/** A product and its quantity, 1 to 999. */
public record Line(String sku, int quantity) {}
