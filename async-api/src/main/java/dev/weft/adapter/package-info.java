/**
 * Behind {@link dev.weft.ExecutorAdapter}: how frames run on threads that belong to somebody else.
 *
 * <p>Start at {@link dev.weft.adapter.ForeignEngine}.
 */
@NullMarked
package dev.weft.adapter;

import org.jspecify.annotations.NullMarked;
