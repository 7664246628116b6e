package dev.feira.events.inbox;

/** No event with this id waits or is parked. */
final class ParkedEventNotFound extends RuntimeException {}
