/** Calls between async methods of a class, without a future while nothing waits. */
@NullMarked
package dev.weft.weaver.bare;

import org.jspecify.annotations.NullMarked;
