package dev.weft.net.loop;

import io.netty.util.internal.PlatformDependent;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * Work of a loop that may be much at once and that nobody waits for: connections that read again as
 * there is memory. When one that holds much leaves, hundreds may go on; they share a part of each
 * poll, as else whoever sends a line meanwhile would wait for them all.
 *
 * <p>What is added has to look at how things are when it runs, as what was queued later may have
 * run before.
 */
final class PatientTasks {
  private final long nanos;

  private final Queue<Runnable> queue = PlatformDependent.newMpscQueue();

  /**
   * None yet.
   *
   * @param nanos of each poll, at least one task
   */
  PatientTasks(long nanos) {
    this.nanos = nanos;
  }

  /** From any thread; who adds also sees to it that the loop looks. */
  void add(Runnable task) {
    queue.add(task);
  }

  /** From any thread. */
  boolean isEmpty() {
    return queue.isEmpty();
  }

  /**
   * The next ones, one by one, while there is time. By the loop.
   *
   * @return how many were run
   */
  int run(Consumer<Runnable> runner) {
    if (queue.isEmpty()) {
      return 0;
    }
    int done = 0;
    long start = System.nanoTime();
    for (Runnable task; (task = queue.poll()) != null; ) {
      runner.accept(task);
      done++;
      if (System.nanoTime() - start >= nanos) {
        break;
      }
    }
    return done;
  }
}
