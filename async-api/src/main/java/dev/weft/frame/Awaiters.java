package dev.weft.frame;

import dev.weft.Task;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Several who await one task, in the order in which they came. Guarded by its monitor; those who
 * share a task pay for it, and no others. They leave as easily as they come, so a task that lives
 * long holds nobody who has let go of it.
 */
final class Awaiters implements Awaiter {
  /** Null once they have been woken. By identity: none of them overrides equals. */
  private @Nullable Set<Awaiter> waiting;

  Awaiters(Awaiter first, Awaiter second) {
    Set<Awaiter> both = new LinkedHashSet<>();
    both.add(first);
    both.add(second);
    waiting = both;
  }

  /** False if those who were here have been woken: the task is finished. */
  synchronized boolean add(Awaiter awaiter) {
    return waiting != null && waiting.add(awaiter);
  }

  synchronized boolean remove(Awaiter awaiter) {
    return waiting != null && waiting.remove(awaiter);
  }

  synchronized @Nullable Awaiter first() {
    return waiting == null || waiting.isEmpty() ? null : waiting.iterator().next();
  }

  synchronized @Nullable Awaiter firstCall() {
    if (waiting != null) {
      for (Awaiter one : waiting) {
        if (one instanceof Task<?> || one instanceof Pause) {
          return one;
        }
      }
    }
    return null;
  }

  synchronized boolean contains(Awaiter awaiter) {
    return waiting != null && waiting.contains(awaiter);
  }

  synchronized boolean isOnly(Awaiter awaiter) {
    return waiting != null && waiting.size() == 1 && waiting.contains(awaiter);
  }

  @Override
  public synchronized @Nullable Task<?> scopeParent() {
    if (waiting != null) {
      for (Awaiter one : waiting) {
        Task<?> parent = one.scopeParent();
        if (parent != null) {
          return parent;
        }
      }
    }
    return null;
  }

  @Override
  public synchronized boolean hearsFailure() {
    return waiting != null && waiting.stream().anyMatch(Awaiter::hearsFailure);
  }

  @Override
  public void wake() {
    Set<Awaiter> woken;
    synchronized (this) {
      woken = waiting;
      waiting = null;
    }
    if (woken != null) {
      woken.forEach(Awaiter::wake); // without the lock: it runs whatever hangs on them
    }
  }
}
