/** Encodes and verifies the opaque cursors of keyset pages. */
@NullMarked
package dev.feira.defaults.paging;

import org.jspecify.annotations.NullMarked;
