package dev.feira.order.domain;

/**
 * Where an order goes.
 *
 * @param name who receives it
 * @param street street and number
 * @param postalCode in the country's own form
 * @param city the town
 * @param country ISO 3166-1 alpha-2, e.g. {@code PT}
 */
public record DeliveryAddress(String name, String street, String postalCode, String city, String country) {}
