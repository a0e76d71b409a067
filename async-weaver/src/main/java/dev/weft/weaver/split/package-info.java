/**
 * Splits a method at its awaits. {@link dev.weft.weaver.split.SplitEngine} is the seam; EA Async's
 * transformer stands behind it, with the preparations that keep it from its known errors.
 */
@NullMarked
package dev.weft.weaver.split;

import org.jspecify.annotations.NullMarked;
