package dev.feira.local.client;

/** So many of a product: what a customer asks for; {@code quantity} 1 to 999. */
public record Line(String sku, int quantity) {}
