package dev.feira.catalog.web;

import dev.feira.catalog.domain.Offer;
import dev.feira.catalog.domain.Precondition;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Creates and compares entity tags of products: {@code "<product version>.<stock version>"}. {@code If-Match} compares the first
 * part, so that a sale does not reject a change of the product.
 *
 * <p>{@code If-Match} accepts a weak tag, too. RFC 9110 compares it strongly, since a weak tag may stand for different bytes. A
 * tag of this service stands for a version, and a proxy that compresses the response, such as nginx, only marks it as weak.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-13">RFC 9110, conditional requests</a>
 */
final class ETags {

    private static final Pattern TAG = Pattern.compile("(?:W/)?\"(\\d{1,18})\\.\\d{1,18}\"");

    private ETags() {}

    static String of(Offer offer) {
        return "\"%d.%d\"".formatted(offer.version(), offer.stockVersion());
    }

    /** Returns the precondition of a change. An unknown tag does not match. */
    static Precondition precondition(List<String> ifMatch, List<String> ifNoneMatch) {
        if (ifNoneMatch.contains("*")) {
            return new Precondition.Absent();
        }
        if (ifMatch.isEmpty()) {
            return new Precondition.None();
        }
        if (ifMatch.contains("*")) {
            return new Precondition.Present();
        }
        Set<Long> versions = new HashSet<>();
        for (var tag : ifMatch) {
            var parts = TAG.matcher(tag);
            if (parts.matches()) {
                versions.add(Long.valueOf(parts.group(1)));
            }
        }
        return new Precondition.OneOf(versions);
    }
}
