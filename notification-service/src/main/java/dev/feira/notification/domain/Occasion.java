package dev.feira.notification.domain;

import java.time.Instant;

/**
 * Why a mail is written.
 *
 * @param event the feed and the id of the event
 * @param at when it happened
 */
public record Occasion(String event, Instant at) {}
