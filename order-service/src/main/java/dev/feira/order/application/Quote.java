package dev.feira.order.application;

import dev.feira.order.domain.OrderLine;
import dev.feira.order.domain.Totals;
import java.util.List;
import java.util.Map;

/**
 * What an order would cost now.
 *
 * @param lines in the order in which they were asked for
 * @param totals their sums
 * @param available units of each product that nobody has reserved, by SKU
 */
public record Quote(List<OrderLine> lines, Totals totals, Map<String, Long> available) {}
