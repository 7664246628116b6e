package dev.feira.local.client;

/** The payment provider's token for a card; Feira never receives the card number. */
public record CardToken(String token, String brand, String last4) {}
