package dev.feira.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The responses to one run of the {@link LoadGenerator}.
 *
 * @param elapsed until the last response in a closed loop; the time of sending at a constant rate
 */
record LoadResult(List<Response> responses, Duration elapsed) {

    /**
     * One response.
     *
     * @param failure why it does not count; empty for a success
     * @param nanos from sending to the response
     * @param at nanoseconds from the start of the run to the response
     */
    record Response(String failure, long nanos, long at) {

        boolean isSuccess() {
            return failure.isEmpty();
        }

        /** Whether the server rejected it under load or by an open circuit: 429 or 503. */
        boolean isRejected() {
            return failure.startsWith("429") || failure.startsWith("503");
        }
    }

    long count(Predicate<Response> which) {
        return responses.stream().filter(which).count();
    }

    long successes() {
        return count(Response::isSuccess);
    }

    long failures() {
        return responses.size() - successes();
    }

    /** Successful responses per second. */
    double perSecond() {
        return successes() * 1e9 / elapsed.toNanos();
    }

    /** The times of the successful responses, ms. */
    Figures milliseconds() {
        return Figures.of(responses.stream()
                .filter(Response::isSuccess)
                .map(response -> response.nanos / 1e6)
                .toList());
    }

    /** The reasons of the failures, and how often each occurred. */
    Map<String, Long> reasons() {
        return responses.stream()
                .map(Response::failure)
                .filter(failure -> !failure.isEmpty())
                .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
    }

    /** @throws MeasurementFailed more than one request in a hundred failed */
    LoadResult requireSuccess(String target) {
        if (failures() * 100 > responses.size()) {
            throw new MeasurementFailed(
                    "%d of %d requests to %s failed: %s".formatted(failures(), responses.size(), target, reasons()));
        }
        return this;
    }
}
