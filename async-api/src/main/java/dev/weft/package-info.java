/**
 * What an application imports: {@link dev.weft.Async} to write asynchronous code, {@link
 * dev.weft.Task} as the future that it gets, and an {@link dev.weft.AsyncExecutor} to run it.
 *
 * <p>Start at {@link dev.weft.Async#await}.
 */
@NullMarked
package dev.weft;

import org.jspecify.annotations.NullMarked;
