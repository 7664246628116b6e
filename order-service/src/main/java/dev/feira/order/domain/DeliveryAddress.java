package dev.feira.order.domain;

/**
 * The address to which an order is delivered.
 *
 * @param name the recipient
 * @param street street and number
 * @param postalCode in the country's format
 * @param city town
 * @param country ISO 3166-1 alpha-2, e.g. {@code PT}
 */
public record DeliveryAddress(String name, String street, String postalCode, String city, String country) {}
