/** Rewritings of a method before it is lowered, which leave what it does unchanged. */
@NullMarked
package dev.weft.weaver.prepare;

import org.jspecify.annotations.NullMarked;
