package dev.feira.benchmarks;

import org.jspecify.annotations.Nullable;

/** A figure could not be measured; the message is for a person. There is no table then: half of one would mislead. */
final class MeasurementFailed extends RuntimeException {

    MeasurementFailed(String sentence) {
        super(sentence);
    }

    MeasurementFailed(String sentence, @Nullable Throwable cause) {
        super(sentence, cause);
    }
}
