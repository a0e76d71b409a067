package dev.weft.weaver.lifetimes;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Calls that await each other: code of one of them runs at a time. Who runs holds the chain, from
 * when it goes on after an await to when it is about to await.
 */
final class Chain {
  private final AtomicReference<@Nullable Call> holder = new AtomicReference<>();

  /** Confined to who holds the chain: a race between two of them shows in it as well. */
  private final Deque<Resource> resources = new ArrayDeque<>();

  /** Does nothing if the call holds it already. */
  void take(Call call) {
    Call there = holder.compareAndExchange(null, call);
    if (there != null && there != call) {
      call.violation("runs while " + there + " of the same chain runs");
    }
  }

  void leave(Call call) {
    Call there = holder.compareAndExchange(call, null);
    if (there != call) {
      call.violation("was running, and the chain was held by " + there);
    }
  }

  boolean isHeldBy(Call call) {
    return holder.get() == call;
  }

  void acquired(Resource resource) {
    resources.push(resource);
  }

  /** True if nothing that was acquired after it is still there. */
  boolean released(Resource resource) {
    return resources.poll() == resource;
  }
}
