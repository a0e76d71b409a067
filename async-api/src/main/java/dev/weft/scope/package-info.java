/**
 * Structured concurrency: tasks that do not outlive the block in which they were forked. {@link
 * dev.weft.scope.TaskScope} is for some that serve one purpose, of which a policy says when it is
 * reached; {@link dev.weft.scope.JoinSet} for a changing set whose outcomes are taken one by one.
 * Both are left by closing them, which cancels what still runs and waits for its end; and both pass
 * a cancellation of whoever awaits them on to those in them.
 *
 * <p>Knows tasks, frames and {@code dev.weft.handoff}; nothing in the core knows it.
 */
@NullMarked
package dev.weft.scope;

import org.jspecify.annotations.NullMarked;
