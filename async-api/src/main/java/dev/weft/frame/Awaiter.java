package dev.weft.frame;

/**
 * Who stands in a task's waiter slot. A {@link Frame} is scheduled when it is woken, a {@link
 * Relay} passes the outcome on at once. For Weft's own.
 */
public interface Awaiter {
  /** The task is finished. Called once, by whoever took this out of the slot. Must not throw. */
  void wake();
}
