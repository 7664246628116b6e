package dev.feira.order.application;

/**
 * One product of a request.
 *
 * @param sku the product
 * @param quantity whole units, 1 to 999
 */
public record RequestedLine(String sku, int quantity) {}
