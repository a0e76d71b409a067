/** Jumps beyond what two bytes can say, in any code. */
@NullMarked
package dev.weft.weaver.jumps;

import org.jspecify.annotations.NullMarked;
