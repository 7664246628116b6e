/** Measures running platforms; each subject adds its figures and their method to a report. */
@NullMarked
package dev.feira.benchmarks;

import org.jspecify.annotations.NullMarked;
