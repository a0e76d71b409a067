package dev.weft.frame;

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
}
