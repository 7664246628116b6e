package dev.feira.order.application;

import dev.feira.order.domain.OrderLine;
import dev.feira.order.domain.Totals;
import java.util.List;
import java.util.Map;

/**
 * The current price of an order.
 *
 * @param lines in the order of the request
 * @param totals their sums
 * @param available units in stock that are not reserved, by SKU
 */
public record Quote(List<OrderLine> lines, Totals totals, Map<String, Long> available) {}
