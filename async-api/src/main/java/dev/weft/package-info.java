/**
 * What an application imports: {@link dev.weft.Async} to write asynchronous code, {@link
 * dev.weft.Task} as the future that it gets, and an {@link dev.weft.AsyncExecutor} to run it.
 *
 * <p>Start at {@link dev.weft.Async#await}.
 *
 * <p>This package and {@link dev.weft.frame} import each other. A suspended call is one object,
 * which is a {@code Task} to its caller and a frame to its executor: so {@code Task} extends what
 * frames see of it, {@code AsyncExecutor} queues frames, and a frame is a {@code Task} that belongs
 * to an {@code AsyncExecutor}. The text of {@link dev.weft.frame} says what either needs of the
 * other, and what it would cost to part them.
 */
@NullMarked
package dev.weft;

import org.jspecify.annotations.NullMarked;
