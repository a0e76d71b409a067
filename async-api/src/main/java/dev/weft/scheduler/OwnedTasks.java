package dev.weft.scheduler;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tasks that are alive: started, and their bodies not yet at an end. In shards, each a doubly
 * linked list under its own lock; a worker starts tasks in a shard of its own, so that the lock is
 * seldom waited for.
 *
 * <p>{@link #close} closes one shard after the other. A task that is added at that time is either
 * refused, or found by the {@link #snapshot} that its caller takes afterwards.
 */
final class OwnedTasks {
  /** One list. Its monitor guards the links of the tasks in it. */
  static final class Shard {
    private @Nullable OwnedTask<?> first;
    private int size;
    private boolean closed;

    synchronized boolean add(OwnedTask<?> task) {
      if (closed) {
        return false;
      }
      task.shard = this;
      task.following = first;
      if (first != null) {
        first.previous = task;
      }
      first = task;
      size++;
      return true;
    }

    synchronized void remove(OwnedTask<?> task) {
      if (task.shard != this) {
        return; // removed before: a task may be rejected at the very end of its run
      }
      task.shard = null;
      if (task.following != null) {
        task.following.previous = task.previous;
      }
      if (task.previous != null) {
        task.previous.following = task.following;
      } else {
        first = task.following;
      }
      task.previous = null;
      task.following = null;
      size--;
    }

    synchronized void close() {
      closed = true;
    }

    synchronized int size() {
      return size;
    }

    synchronized void copyTo(List<OwnedTask<?>> tasks) {
      for (OwnedTask<?> task = first; task != null; task = task.following) {
        tasks.add(task);
      }
    }
  }

  private final Shard[] shards;

  /**
   * @param workers how many shards to make, and one more for the threads outside
   */
  OwnedTasks(int workers) {
    shards = new Shard[workers + 1];
    for (int i = 0; i < shards.length; i++) {
      shards[i] = new Shard();
    }
  }

  /**
   * Adds a task that is about to be queued.
   *
   * @param worker the index of the worker that starts it, or -1 for a thread outside
   * @return false if no more tasks are accepted
   */
  boolean add(OwnedTask<?> task, int worker) {
    return shards[worker + 1].add(task);
  }

  /** Removes a task whose body has ended. Called by whichever thread polled it last. */
  void remove(OwnedTask<?> task) {
    // Written before the task was queued, cleared only here: no lock needed to read it.
    Shard shard = task.shard;
    if (shard != null) {
      shard.remove(task);
    }
  }

  /** Accepts no more tasks. */
  void close() {
    for (Shard shard : shards) {
      shard.close();
    }
  }

  /** How many tasks are alive; exact only once closed and at zero. */
  int size() {
    int size = 0;
    for (Shard shard : shards) {
      size += shard.size();
    }
    return size;
  }

  /** The tasks that are alive. */
  List<OwnedTask<?>> snapshot() {
    List<OwnedTask<?>> tasks = new ArrayList<>();
    for (Shard shard : shards) {
      shard.copyTo(tasks);
    }
    return tasks;
  }
}
