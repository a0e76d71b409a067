/** Calls that are made again, or are spaced out. */
@NullMarked
package dev.weft.resilience;

import org.jspecify.annotations.NullMarked;
