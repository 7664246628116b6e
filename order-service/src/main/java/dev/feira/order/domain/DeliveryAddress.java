package dev.feira.order.domain;

/**
 * The address to which an order is delivered. After the customer was erased only the country is left.
 *
 * @param name the recipient
 * @param street street and number
 * @param postalCode in the country's format
 * @param city town
 * @param country ISO 3166-1 alpha-2, e.g. {@code PT}
 */
public record DeliveryAddress(String name, String street, String postalCode, String city, String country) {

    /** Returns the country, which decides on the VAT; the other members are empty, not null, as clients expect texts. */
    DeliveryAddress withoutPerson() {
        return new DeliveryAddress("", "", "", "", country);
    }
}
