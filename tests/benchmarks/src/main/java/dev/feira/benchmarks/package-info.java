/** Times and memory of the running platform, measured side by side; each prints a row and says how it was measured. */
@NullMarked
package dev.feira.benchmarks;

import org.jspecify.annotations.NullMarked;
