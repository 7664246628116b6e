package dev.feira.order.application;

/**
 * Who asks.
 *
 * @param id the subject of the token
 * @param staff whether it may see and change the orders of all customers
 */
public record Actor(String id, boolean staff) {}
