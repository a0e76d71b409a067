/**
 * The frame form of an async method, and what every lowering into it shares: the frame class, the
 * call that suspends, the conversion to the declared return type.
 */
@NullMarked
package dev.weft.weaver.lower;

import org.jspecify.annotations.NullMarked;
