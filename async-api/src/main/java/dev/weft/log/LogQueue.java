package dev.weft.log;

import java.security.AccessController;
import java.security.PrivilegedAction;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what others say, on a thread of its own, so that nobody waits for a full pipe, a slow disk
 * or a lock in the logging library. A worker that did would stop its I/O loop, and with it every
 * connection.
 *
 * <p>{@link #offer} never waits: what comes when the queue is full is dropped and counted, whatever
 * its level, and the log thread says how many there were, at the place in the order where they are
 * missing. The asynchronous appenders of Log4j 2 and Logback wait by default when their queue is
 * full, which turns a full disk into an outage (apache/logging-log4j2 pull request 3880), or into a
 * deadlock when an appender logs (its issue 2893); and where they drop, users miss a word about it
 * (qos-ch/logback pull request 290).
 *
 * <p>The queue is the JDK's lock-free one with a count beside it. An offer costs one node of 24
 * bytes, the write itself, and at the begin of a burst the wake-up of a thread; a ring of slots
 * would save the node and be code of our own, for a path that is rare by design. What is bounded is
 * the number of writes; so a write should hold a string or two, and nothing that is large.
 *
 * <p>The thread is a daemon and has nothing of who offers first: not its thread-locals, nor its
 * rights, nor its context class loader, which is that of this class. It ends after 5 seconds in
 * which nothing was offered, since a thread for life would keep the class loader of an application
 * that a server has unloaded; the next offer starts another:
 *
 * <pre>
 *   NONE   --offer--&gt; AWAKE               starts the thread
 *   AWAKE  --thread-&gt; ASLEEP              nothing left; it looks once more, then parks
 *   ASLEEP --offer, thread--&gt; AWAKE       an offer unparks it; or the time is over
 *   AWAKE  --thread-&gt; NONE                it looks once more: back to AWAKE, or it ends
 *
 *   offer:   add the write;   read the state
 *   thread:  write the state; look for writes
 * </pre>
 *
 * All of it volatile, so one sees the other (Dekker's pattern). The fields that only the thread
 * uses go from one thread to the next through the state.
 *
 * <p><b>At the end of the JVM</b> what was offered before is still written, for a second at most:
 * while the thread lives there is a shutdown hook for that. Hooks run at once and in no order, so
 * what other hooks say at the end is written only if they call {@link #flush}; and so must who ends
 * with {@link Runtime#halt}, which runs no hooks.
 *
 * <pre>{@code
 * LogQueue lines = new LogQueue("access-log", 10_000, n -> System.err.println(n + " dropped"));
 * lines.offer(() -> System.out.println("GET /index.html")); // does not wait
 * lines.flush(Duration.ofSeconds(1)); // in a shutdown hook
 * }</pre>
 */
public final class LogQueue {
  /** Where {@link LimitedLog} counts what it has left out, until that is said. */
  interface Rest {
    /**
     * Says it if it is time. On the log thread.
     *
     * @param now true to say it whatever the time
     * @return false to be asked again
     */
    boolean say(boolean now);
  }

  /** The queue of the library, made when it is used. */
  private static final class Shared {
    private static final Logger log = LoggerFactory.getLogger(LogQueue.class);

    /** The default of Log4j 2's AsyncAppender; Logback has 256. */
    private static final int CAPACITY = 1024;

    static final LogQueue QUEUE = new LogQueue("weft-log", CAPACITY, Shared::sayDropped);

    private static void sayDropped(long dropped) {
      log.warn(
          "{} log lines of Weft were dropped here, as the log did not take them in time", dropped);
    }
  }

  private static final int NONE = 0;
  private static final int AWAKE = 1;
  private static final int ASLEEP = 2;

  /** Guessed: longer than the pauses of a limited log that has something to say every second. */
  private static final long KEEP_ALIVE_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** How often it is looked for a rest that is to be said. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  /** For how long the end of the JVM waits. Guessed: a supervisor that kills waits for longer. */
  private static final Duration EXIT_BOUND = Duration.ofSeconds(1);

  private final String threadName;
  private final int capacity;
  private final LongConsumer onDropped;

  /** Writes, and marks of those who wait in {@link #flush}. */
  private final Queue<Runnable> writes = new ConcurrentLinkedQueue<>();

  /** The number of writes in it. For a moment greater than the capacity, by offers that fail. */
  private final AtomicInteger size = new AtomicInteger();

  private final AtomicLong dropped = new AtomicLong();
  private final Queue<Rest> rests = new ConcurrentLinkedQueue<>();
  private final AtomicInteger state = new AtomicInteger(NONE);
  private volatile @Nullable Thread thread;

  // The log thread's own.
  private long written;
  private long droppedSaid;

  /** After how many writes all is written that was in the queue when some were dropped; or -1. */
  private long sayDroppedAt = -1;

  private long lastLook;

  /**
   * Makes a queue; its thread is started when there is something to write.
   *
   * @param threadName of the log thread
   * @param capacity how many writes may wait, at least 1
   * @param onDropped called on the log thread with the number of writes that were dropped since it
   *     was last called: once what had been offered before them is written
   * @throws IllegalArgumentException if the capacity is less than 1
   */
  public LogQueue(String threadName, int capacity, LongConsumer onDropped) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity must be at least 1, and is " + capacity);
    }
    this.threadName = threadName;
    this.capacity = capacity;
    this.onDropped = onDropped;
  }

  /**
   * The queue that Weft's own lines go through, to SLF4J, for 1,024 lines. What is dropped of them
   * is said as a warning of this class.
   */
  public static LogQueue shared() {
    return Shared.QUEUE;
  }

  /**
   * Has something written, after all that this thread has offered before. From any thread, and
   * without waiting. What the write throws is caught, and the write counts as dropped.
   *
   * @param write prints a line, or the like, on the log thread
   * @return false if the queue is full; the write is dropped then, and counted
   */
  public boolean offer(Runnable write) {
    if (size.get() >= capacity) {
      dropped.incrementAndGet();
      return false;
    }
    if (size.incrementAndGet() > capacity || !add(write)) {
      size.decrementAndGet();
      dropped.incrementAndGet();
      return false;
    }
    wake();
    return true;
  }

  private boolean add(Runnable write) {
    try {
      return writes.add(write);
    } catch (OutOfMemoryError full) { // who says this may be about to say just that, and goes on
      return false;
    }
  }

  /** How many writes were dropped since the beginning. */
  public long dropped() {
    return dropped.get();
  }

  /**
   * Waits until all is written that was offered before, and said how much was dropped or left out
   * (see {@link LimitedLog}). It blocks, so it is nothing for a worker; a shutdown hook may call
   * it.
   *
   * @param bound for how long to wait at most; not at all if it is zero or less
   * @return false if the time was over before, or if the calling thread was interrupted (it still
   *     is then); on the log thread itself, false at once
   */
  public boolean flush(Duration bound) {
    if (Thread.currentThread() == thread) {
      return false;
    }
    Mark mark = new Mark();
    writes.add(mark);
    wake();
    boolean reached = false;
    try {
      reached = mark.reached.await(TimeUnit.NANOSECONDS.convert(bound), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!reached) {
      writes.remove(mark); // else, who asks often while the log is stuck would fill the memory
    }
    return reached;
  }

  /** Has a rest said when it is time. From any thread. */
  void remind(Rest rest) {
    rests.add(rest);
    wake();
  }

  // ---- the thread's life

  private void wake() {
    int now = state.get();
    if (now == ASLEEP && state.compareAndSet(ASLEEP, AWAKE)) {
      LockSupport.unpark(thread);
    } else if (now == NONE && state.compareAndSet(NONE, AWAKE)) {
      start();
    }
  }

  private void start() {
    Thread hook = null;
    try {
      // Here and not on the thread, for the JVM may end before that gets to it.
      hook = addHook(make(threadName + "-exit", () -> flush(EXIT_BOUND)));
      Thread registered = hook;
      Thread started = make(threadName, () -> run(registered));
      started.setDaemon(true);
      thread = started;
      started.start();
    } catch (Throwable noThread) {
      removeHook(hook);
      state.set(NONE); // what was offered stays, and the next offer tries again
    }
  }

  /** A thread that inherits nothing of the calling one. */
  @SuppressWarnings("removal") // from JDK 24 on, there are no rights to inherit
  private static Thread make(String name, Runnable body) {
    return AccessController.doPrivileged(
        (PrivilegedAction<Thread>)
            () -> {
              ThreadGroup group = Thread.currentThread().getThreadGroup();
              while (group.getParent() != null) {
                group = group.getParent();
              }
              Thread made = new Thread(group, body, name, 0, false);
              made.setContextClassLoader(LogQueue.class.getClassLoader());
              return made;
            });
  }

  private void run(@Nullable Thread hook) {
    for (boolean more = true; more; ) {
      try {
        drain();
        more = awaitMore();
      } catch (Throwable bug) { // out of memory, perhaps; without this thread nothing is ever said
        Thread.interrupted();
      }
    }
    removeHook(hook);
  }

  private static @Nullable Thread addHook(Thread hook) {
    try {
      Runtime.getRuntime().addShutdownHook(hook);
      return hook;
    } catch (IllegalStateException | SecurityException ending) {
      return null;
    }
  }

  private static void removeHook(@Nullable Thread hook) {
    try {
      if (hook != null) {
        Runtime.getRuntime().removeShutdownHook(hook);
      }
    } catch (IllegalStateException | SecurityException ending) {
      // it runs already, and finds nothing to do
    }
  }

  /** Sleeps while there is nothing to write; false if the thread is to end. */
  private boolean awaitMore() {
    long idleSince = System.nanoTime();
    while (writes.isEmpty()) {
      sayRests(false);
      Thread.interrupted(); // which an appender may have left; it would not sleep
      state.set(ASLEEP);
      long idle = System.nanoTime() - idleSince;
      long wait = rests.isEmpty() ? KEEP_ALIVE_NANOS - idle : LOOK_NANOS;
      if (wait > 0 && writes.isEmpty()) {
        LockSupport.parkNanos(this, wait);
      }
      state.set(AWAKE);
      if (wait <= 0 && isOver()) {
        return false;
      }
    }
    return true;
  }

  private boolean isOver() {
    state.set(NONE);
    boolean nothing = writes.isEmpty() && rests.isEmpty();
    return nothing || !state.compareAndSet(NONE, AWAKE); // else, another thread has it
  }

  // ---- what it does

  private void drain() {
    for (Runnable next; (next = writes.poll()) != null; ) {
      if (next instanceof Mark mark) {
        sayDropped();
        sayRests(true);
        mark.reached.countDown();
        continue;
      }
      size.decrementAndGet();
      write(next);
      written++;
      long unsaid = dropped.get() - droppedSaid;
      if (unsaid > 0 && sayDroppedAt < 0) {
        sayDroppedAt = written + size.get();
      }
      if (sayDroppedAt >= 0 && written >= sayDroppedAt) {
        sayDropped();
      }
      if (System.nanoTime() - lastLook >= LOOK_NANOS) {
        sayRests(false);
      }
    }
    sayDropped();
  }

  private void write(Runnable write) {
    try {
      write.run();
    } catch (Throwable error) { // the logging library's, and there is no other place to say it
      dropped.incrementAndGet();
    }
  }

  private void sayDropped() {
    sayDroppedAt = -1;
    long now = dropped.get();
    long unsaid = now - droppedSaid;
    if (unsaid > 0) {
      droppedSaid = now;
      try {
        onDropped.accept(unsaid);
      } catch (Throwable error) {
        // as in write; and it is not counted, for it would be said and fail again and again
      }
    }
  }

  private void sayRests(boolean now) {
    lastLook = System.nanoTime();
    if (!rests.isEmpty()) {
      rests.removeIf(rest -> rest.say(now));
    }
  }

  /** Where somebody waits for the writes before it. */
  private static final class Mark implements Runnable {
    final CountDownLatch reached = new CountDownLatch(1);

    @Override
    public void run() {
      throw new IllegalStateException("it is no write");
    }
  }
}
