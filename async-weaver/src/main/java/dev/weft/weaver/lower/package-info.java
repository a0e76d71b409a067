/**
 * Turns a split method into the frame form: one object per suspended call, which is future, queue
 * node, waiter and storage of the live locals at once.
 */
@NullMarked
package dev.weft.weaver.lower;

import org.jspecify.annotations.NullMarked;
