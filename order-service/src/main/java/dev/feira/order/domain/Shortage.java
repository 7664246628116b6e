package dev.feira.order.domain;

/**
 * A product of which there was not enough.
 *
 * @param sku the product
 * @param requested units asked for
 * @param available units there were
 */
public record Shortage(String sku, int requested, int available) {}
