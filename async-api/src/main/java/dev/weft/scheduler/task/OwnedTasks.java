package dev.weft.scheduler.task;

import dev.weft.Task;
import dev.weft.jfr.FlightSwitch;
import dev.weft.scheduler.thread.Hooks;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The tasks that are alive: started, and their bodies not yet at an end. In shards, each a doubly
 * linked list under its own lock. A worker starts tasks in shards of its own, in turn, so that it
 * seldom meets a thief there which ends a task that it stole.
 *
 * <p>Measured with two workers, of which one starts 10,000 tasks that the other helps to run, per
 * task: with monitors and one shard a worker 156 ns, with monitors and 16 shards 102, with spin
 * locks and one shard 98, with both 90.
 *
 * <p>{@link #close} closes one shard after the other. A task that is added at that time is either
 * refused, or found by the {@link #snapshot} that its caller takes afterwards.
 */
public final class OwnedTasks {
  /**
   * One list. Its lock guards it and the links of the tasks in it.
   *
   * <p>The lock spins, because it is held for some ten instructions. Whoever has spun for long
   * takes it that the holder was preempted, and sleeps.
   */
  static final class Shard {
    private static final VarHandle LOCKED;

    /** How often to look before going to sleep. Guessed: some microseconds. */
    private static final int SPINS = 1000;

    static {
      try {
        LOCKED = MethodHandles.lookup().findVarHandle(Shard.class, "locked", boolean.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    private final OwnedTasks owner;

    @SuppressWarnings("unused") // through LOCKED
    private volatile boolean locked;

    private @Nullable OwnedTask<?> first;
    private int size;
    private long started;
    private long aborted;
    private boolean closed;

    /** Those who are on their way through the list; mostly none. */
    private @Nullable Cursor cursors;

    Shard(OwnedTasks owner) {
      this.owner = owner;
    }

    OwnedTasks owner() {
      return owner;
    }

    private void lock() {
      for (int spins = 0; !LOCKED.compareAndSet(this, false, true); spins++) {
        if (spins < SPINS) {
          Thread.onSpinWait();
        } else {
          LockSupport.parkNanos(this, 1);
        }
      }
    }

    /** Pairs with the compare-and-set of whoever locks next. */
    private void unlock() {
      LOCKED.setRelease(this, false);
    }

    private boolean add(OwnedTask<?> task, boolean inside) {
      lock();
      boolean open = inside || !closed;
      if (open) {
        OwnedTask<?> following = first;
        task.shard = this;
        task.following = following;
        if (following != null) {
          following.previous = task;
        }
        first = task;
        size++;
        started++;
      }
      unlock();
      return open;
    }

    /** Removes a task whose body has ended. Called by whichever thread polled it last. */
    void remove(OwnedTask<?> task) {
      boolean last = unlink(task, task.isCancelled());
      if (owner.ended != null) {
        Hooks.call(owner.ended, task);
      }
      if (last) {
        owner.onEnd.run();
      }
    }

    private boolean unlink(OwnedTask<?> task, boolean cancelled) {
      lock();
      OwnedTask<?> previous = task.previous;
      OwnedTask<?> following = task.following;
      for (Cursor cursor = cursors; cursor != null; cursor = cursor.other) {
        if (cursor.next == task) {
          cursor.next = following;
        }
      }
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
      if (cancelled) {
        aborted++;
      }
      boolean last = size == 0;
      unlock();
      return last;
    }

    private void close() {
      lock();
      closed = true;
      unlock();
    }

    boolean isClosed() {
      lock();
      boolean now = closed;
      unlock();
      return now;
    }

    private long begun() {
      lock();
      long now = started;
      unlock();
      return now;
    }

    private int size() {
      lock();
      int now = size;
      unlock();
      return now;
    }

    private Counts counts() {
      lock();
      long begun = started;
      long cancelled = aborted;
      int alive = size;
      unlock();
      return new Counts(begun, begun - alive - cancelled, cancelled, 0);
    }

    /** See {@link OwnedTasks#forEach}. */
    private void forEach(Consumer<? super OwnedTask<?>> visitor, @Nullable OwnedTask<?>[] some) {
      Cursor cursor = new Cursor();
      lock();
      cursor.next = first;
      cursor.other = cursors;
      cursors = cursor;
      unlock();
      try {
        for (int size = some.length; size == some.length; ) {
          size = copy(cursor, some);
          for (int i = 0; i < size; i++) {
            visitor.accept(Objects.requireNonNull(some[i]));
            some[i] = null;
          }
        }
      } finally {
        leave(cursor);
      }
    }

    private int copy(Cursor cursor, @Nullable OwnedTask<?>[] to) {
      lock();
      int size = 0;
      OwnedTask<?> task = cursor.next;
      while (task != null && size < to.length) {
        to[size++] = task;
        task = task.following;
      }
      cursor.next = task;
      unlock();
      return size;
    }

    private void leave(Cursor cursor) {
      lock();
      Cursor before = null;
      for (Cursor at = cursors; at != cursor && at != null; at = at.other) {
        before = at;
      }
      if (before == null) {
        cursors = cursor.other;
      } else {
        before.other = cursor.other;
      }
      unlock();
    }

    private void copyTo(List<OwnedTask<?>> tasks) {
      lock();
      try {
        for (OwnedTask<?> task = first; task != null; task = task.following) {
          tasks.add(task); // which may fail for want of memory
        }
      } finally {
        unlock();
      }
    }
  }

  /** Where somebody is who looks at the tasks of a shard one after the other. Guarded by it. */
  private static final class Cursor {
    @Nullable OwnedTask<?> next;
    @Nullable Cursor other;
  }

  /** How many tasks were started, have ended by themselves, were cancelled, were not accepted. */
  public record Counts(long started, long finished, long aborted, long rejected) {
    private Counts plus(Counts other) {
      return new Counts(
          started + other.started,
          finished + other.finished,
          aborted + other.aborted,
          rejected + other.rejected);
    }
  }

  /** The shards in which one worker starts tasks. */
  private static final class Group {
    private final Shard[] shards = new Shard[SHARDS];

    /** Counts the worker's tasks. The threads outside share theirs, and may count wrongly. */
    private int turn;

    Group(OwnedTasks owner) {
      for (int i = 0; i < SHARDS; i++) {
        shards[i] = new Shard(owner);
      }
    }

    Shard next() {
      return shards[turn++ & (SHARDS - 1)];
    }
  }

  /** So long is a lock held that a worker may want: some microseconds. */
  private static final int VISITED_AT_ONCE = 64;

  /** In each group; a power of two. 64 were not measurably better. */
  private static final int SHARDS = 16;

  private final LongAdder rejected = new LongAdder();
  private final Group[] groups;
  private final List<Shard> shards = new ArrayList<>();
  private final Runnable onEnd;
  private final @Nullable Consumer<? super Task<?>> ended;
  private final UnheardFailures unheard;

  /**
   * None alive.
   *
   * @param workers for how many to make shards, and some more for the threads outside
   * @param onEnd called after the last task may have gone
   */
  public OwnedTasks(int workers, Hooks hooks, Runnable onEnd) {
    this.onEnd = onEnd;
    this.ended = hooks.taskEnd();
    this.unheard = new UnheardFailures(hooks.unheardFailure());
    groups = new Group[workers + 1];
    for (int i = 0; i < groups.length; i++) {
      groups[i] = new Group(this);
      Collections.addAll(shards, groups[i].shards);
    }
  }

  /**
   * Adds a task that is about to be queued.
   *
   * @param worker the index of the worker that starts it, or -1 for another thread
   * @param inside true if work that is under way starts it
   * @return false if no more tasks are accepted
   */
  public boolean add(OwnedTask<?> task, int worker, boolean inside) {
    boolean added = groups[worker + 1].next().add(task, inside);
    if (!added) {
      rejected.increment();
    } else if (FlightSwitch.isOn()) {
      task.recordSpawn();
    }
    return added;
  }

  /** Where those report that fail unheard. */
  public UnheardFailures unheard() {
    return unheard;
  }

  /** Accepts no more tasks from outside. */
  public void close() {
    for (Shard shard : shards) {
      shard.close();
    }
  }

  /** How many tasks were ever added. */
  public long begun() {
    long begun = 0;
    for (Shard shard : shards) {
      begun += shard.begun();
    }
    return begun;
  }

  /** How many tasks are alive; exact only if none is added meanwhile. */
  public int size() {
    int size = 0;
    for (Shard shard : shards) {
      size += shard.size();
    }
    return size;
  }

  /** What has become of all tasks. */
  public Counts counts() {
    Counts sum = new Counts(0, 0, 0, rejected.sum());
    for (Shard shard : shards) {
      sum = sum.plus(shard.counts());
    }
    return sum;
  }

  /**
   * Shows somebody the tasks that are alive: each that is there from the beginning to the end,
   * once, and some of those that come and go meanwhile. A few at a time are copied under a shard's
   * lock, so it takes no memory to speak of, and nobody waits for the visitor.
   */
  public void forEach(Consumer<? super OwnedTask<?>> visitor) {
    @Nullable OwnedTask<?>[] some = new OwnedTask<?>[VISITED_AT_ONCE];
    for (Shard shard : shards) {
      shard.forEach(visitor, some);
    }
  }

  /** The tasks that are alive. */
  public List<OwnedTask<?>> snapshot() {
    List<OwnedTask<?>> tasks = new ArrayList<>();
    for (Shard shard : shards) {
      shard.copyTo(tasks);
    }
    return tasks;
  }
}
