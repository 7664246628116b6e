package dev.feira.payment.web;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A part of a list; {@code nextCursor} is null at the end. */
record Page<T>(List<T> items, @Nullable String nextCursor) {

    static <T> Page<T> complete(List<T> items) {
        return new Page<>(items, null);
    }
}
