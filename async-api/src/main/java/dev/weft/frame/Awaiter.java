package dev.weft.frame;

import dev.weft.Task;
import org.jspecify.annotations.Nullable;

/**
 * Who stands in a task's waiter slot. A {@link Frame} is scheduled when it is woken, a {@link
 * Relay} passes the outcome on at once. For Weft's own.
 *
 * <pre>{@code
 * static CompletableFuture<Void> print(Task<String> news) {
 *   System.out.println(await(news)); // until there are news, this call stands in their slot
 *   return done();
 * }
 * }</pre>
 */
public interface Awaiter {
  /** The task is finished. Called once, by whoever took this out of the slot. Must not throw. */
  void wake();

  /** The task in whose scope the awaited one was forked; null for who merely awaits it. */
  default @Nullable Task<?> scopeParent() {
    return null;
  }

  /** True for who says of a spawned task's value that nobody will have it, if that comes to be. */
  default boolean keepsAccount() {
    return false;
  }

  /** False for who waits for the end alone, so that a failure is yet to be heard by somebody. */
  default boolean hearsFailure() {
    return true;
  }
}
