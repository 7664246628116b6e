package dev.feira.order.domain;

import java.util.UUID;

/**
 * A message of the payment provider about a charge or refund.
 *
 * @param id the provider's id of the message; a message may arrive more than once
 * @param type e.g. {@code charge.succeeded}
 * @param chargeId the charge
 * @param orderId the order that the charge is for
 */
public record PaymentEvent(String id, String type, String chargeId, UUID orderId) {}
