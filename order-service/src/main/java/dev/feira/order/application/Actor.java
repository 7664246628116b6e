package dev.feira.order.application;

/**
 * The user who sent a request.
 *
 * @param id the subject of the token
 * @param staff whether the user may read and change the orders of all customers
 */
public record Actor(String id, boolean staff) {}
