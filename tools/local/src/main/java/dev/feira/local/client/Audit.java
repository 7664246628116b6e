package dev.feira.local.client;

import tools.jackson.databind.JsonNode;

/**
 * Whether a service's books balance.
 *
 * @param balanced no discrepancy was found
 * @param report the whole answer: what was compared, and each discrepancy
 */
public record Audit(boolean balanced, JsonNode report) {}
