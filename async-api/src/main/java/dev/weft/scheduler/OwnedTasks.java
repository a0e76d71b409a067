package dev.weft.scheduler;

import dev.weft.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The tasks that are alive: started, and their bodies not yet at an end. In shards, each a doubly
 * linked list under its own lock; a worker starts tasks in a shard of its own, so that the lock is
 * seldom waited for. Measured: the two lock operations make up 20 to 25 of the 60 ns that starting
 * a task takes; a spin lock in place of the monitor gained nothing.
 *
 * <p>{@link #close} closes one shard after the other. A task that is added at that time is either
 * refused, or found by the {@link #snapshot} that its caller takes afterwards.
 */
final class OwnedTasks {
  /** One list. Its monitor guards it and the links of the tasks in it. */
  static final class Shard {
    private final OwnedTasks owner;

    private @Nullable OwnedTask<?> first;
    private int size;
    private long started;
    private long aborted;
    private boolean closed;

    Shard(OwnedTasks owner) {
      this.owner = owner;
    }

    OwnedTasks owner() {
      return owner;
    }

    private synchronized boolean add(OwnedTask<?> task) {
      if (closed) {
        return false;
      }
      OwnedTask<?> following = first;
      task.shard = this;
      task.following = following;
      if (following != null) {
        following.previous = task;
      }
      first = task;
      size++;
      started++;
      return true;
    }

    /** Removes a task whose body has ended. Called by whichever thread polled it last. */
    void remove(OwnedTask<?> task) {
      unlink(task);
      if (owner.ended != null) {
        Hooks.call(owner.ended, task);
      }
      owner.onEnd.run();
    }

    private synchronized void unlink(OwnedTask<?> task) {
      OwnedTask<?> previous = task.previous;
      OwnedTask<?> following = task.following;
      if (following != null) {
        following.previous = previous;
      }
      if (previous != null) {
        previous.following = following;
      } else {
        first = following;
      }
      task.previous = null;
      task.following = null;
      size--;
      if (task.isCancelled()) {
        aborted++;
      }
    }

    private synchronized void close() {
      closed = true;
    }

    synchronized boolean isClosed() {
      return closed;
    }

    private synchronized int size() {
      return size;
    }

    private synchronized Counts counts() {
      return new Counts(started, started - size - aborted, aborted, 0);
    }

    private synchronized void copyTo(List<OwnedTask<?>> tasks) {
      for (OwnedTask<?> task = first; task != null; task = task.following) {
        tasks.add(task);
      }
    }
  }

  /** How many tasks were started, have ended by themselves, were cancelled, were not accepted. */
  record Counts(long started, long finished, long aborted, long rejected) {
    private Counts plus(Counts other) {
      return new Counts(
          started + other.started,
          finished + other.finished,
          aborted + other.aborted,
          rejected + other.rejected);
    }
  }

  private final LongAdder rejected = new LongAdder();
  private final Shard[] shards;
  private final Runnable onEnd;
  private final @Nullable Consumer<? super Task<?>> ended;
  private final UnheardFailures unheard;

  /**
   * @param workers how many shards to make, and one more for the threads outside
   * @param onEnd called after each removal
   */
  OwnedTasks(int workers, Hooks hooks, Runnable onEnd) {
    this.onEnd = onEnd;
    this.ended = hooks.taskEnd();
    this.unheard = new UnheardFailures(hooks.unheardFailure());
    shards = new Shard[workers + 1];
    for (int i = 0; i < shards.length; i++) {
      shards[i] = new Shard(this);
    }
  }

  /**
   * Adds a task that is about to be queued.
   *
   * @param worker the index of the worker that starts it, or -1 for a thread outside
   * @return false if no more tasks are accepted
   */
  boolean add(OwnedTask<?> task, int worker) {
    boolean added = shards[worker + 1].add(task);
    if (!added) {
      rejected.increment();
    }
    return added;
  }

  /** Where those report that fail unheard. */
  UnheardFailures unheard() {
    return unheard;
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

  /** What has become of all tasks. */
  Counts counts() {
    Counts sum = new Counts(0, 0, 0, rejected.sum());
    for (Shard shard : shards) {
      sum = sum.plus(shard.counts());
    }
    return sum;
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
