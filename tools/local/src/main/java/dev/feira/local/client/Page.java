package dev.feira.local.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A part of a list; {@code nextCursor} is null on the last one. */
public record Page<T>(List<T> items, @Nullable String nextCursor) {}
