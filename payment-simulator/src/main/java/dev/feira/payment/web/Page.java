package dev.feira.payment.web;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page of a list; {@code nextCursor} is null on the last page. */
record Page<T>(List<T> items, @Nullable String nextCursor) {

    static <T> Page<T> complete(List<T> items) {
        return new Page<>(items, null);
    }
}
