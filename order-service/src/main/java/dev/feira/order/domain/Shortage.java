package dev.feira.order.domain;

/**
 * A product with too little stock.
 *
 * @param sku the product
 * @param requested units ordered
 * @param available units in stock
 */
public record Shortage(String sku, int requested, int available) {}
