package dev.feira.local.client;

import tools.jackson.databind.JsonNode;

/**
 * The result of one service's audit.
 *
 * @param balanced the audit found no discrepancy
 * @param report the whole response: counts and each discrepancy
 */
public record Audit(boolean balanced, JsonNode report) {}
