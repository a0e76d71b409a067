package dev.weft.net;

import dev.weft.AsyncExecutor;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Runs what computes in the handshakes of one executor: keys and signatures, a millisecond each or
 * several. Not on the loop, where all its connections would wait; not as tasks of the workers,
 * where a thousand handshakes at once would be a queue before everybody else's next task. So on the
 * executor's pool for blocking calls, where the kernel shares the processors out, and one fewer at
 * a time than there are processors; the others wait here, first come first served.
 */
final class TlsTasks {
  private static final Map<AsyncExecutor, TlsTasks> OF =
      Collections.synchronizedMap(new WeakHashMap<>());

  private final int atOnce = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);

  // Guarded by this.
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
  private int running;

  private TlsTasks() {}

  static TlsTasks of(AsyncExecutor executor) {
    return OF.computeIfAbsent(executor, first -> new TlsTasks());
  }

  /**
   * From any thread.
   *
   * @throws RejectedExecutionException if the executor has ended
   */
  void run(AsyncExecutor executor, Runnable task) {
    synchronized (this) {
      waiting.add(task);
      if (running >= atOnce) {
        return;
      }
      running++;
    }
    try {
      executor.spawnBlocking(this::work);
    } catch (RejectedExecutionException ended) {
      synchronized (this) {
        running--;
        waiting.remove(task);
      }
      throw ended;
    }
  }

  private @Nullable Void work() {
    while (true) {
      Runnable task;
      synchronized (this) {
        task = waiting.poll();
        if (task == null) {
          running--;
          return null;
        }
      }
      task.run(); // which throws nothing
    }
  }
}
