package dev.feira.local.client;

/** The payment provider's stand-in for a card: Feira never sees the number. */
public record CardToken(String token, String brand, String last4) {}
