package dev.weft.frame;

import org.jspecify.annotations.Nullable;

/**
 * For a recording: of which task a call is that nobody awaits as yet, so that no chain of waiters
 * leads from it to the task. Its caller keeps it to await it later, or has dropped it.
 *
 * <p>Entered when the caller goes on without it, on the caller's thread, while there is a
 * recording; gone when the call is garbage.
 */
final class UnawaitedCalls {
  /** Who a task is, without the task: that may refer to the call. */
  record Owner(long id, @Nullable String name) {}

  private static final WeakIdentityMap<Object, Owner> OWNERS = new WeakIdentityMap<>();

  private UnawaitedCalls() {}

  static void enter(Object call, Owner owner) {
    OWNERS.expunge();
    OWNERS.putIfAbsent(OWNERS.handle(call), owner);
  }

  static @Nullable Owner ownerOf(Object call) {
    return OWNERS.isEmpty() ? null : OWNERS.get(call);
  }
}
