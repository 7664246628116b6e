package dev.feira.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The figures of one build: for each a value of every round. */
final class Measurements {

    private final Map<String, List<Double>> values = new LinkedHashMap<>();

    /** @param figure its name with its unit */
    void add(String figure, double value) {
        values.computeIfAbsent(figure, _ -> new ArrayList<>()).add(value);
    }

    Set<String> figures() {
        return values.keySet();
    }

    Figures get(String figure) {
        return Figures.of(values.getOrDefault(figure, List.of()));
    }
}
