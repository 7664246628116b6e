/**
 * The filters that Feira adds to Spring Cloud Gateway's own, one class each. Routes name them in {@code
 * application.yaml}; {@link dev.feira.gateway.filters.FeiraFilters} registers them.
 */
@NullMarked
package dev.feira.gateway.filters;

import org.jspecify.annotations.NullMarked;
