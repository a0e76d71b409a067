/**
 * The lowering around EA Async: its transformer splits a method, with the preparations that keep it
 * from its known errors, and the frame takes the place of what it emits at each await.
 */
@NullMarked
package dev.weft.weaver.ea;

import org.jspecify.annotations.NullMarked;
