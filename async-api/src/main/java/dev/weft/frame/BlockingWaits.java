package dev.weft.frame;

import dev.weft.Task;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which task an executor's thread waits for in {@code get} or {@code join}, for the report that it
 * is blocked: what {@code LockSupport} tells of such a thread does not lead back to the future.
 * Costs something only where a thread is about to block that had better not.
 *
 * <pre>{@code
 * Task<?> awaited = BlockingWaits.of(thread);
 * if (awaited != null) {
 *   System.err.println(thread.getName() + " blocks until there is " + awaited);
 * }
 * }</pre>
 */
public final class BlockingWaits {
  private static final Map<Thread, Task<?>> WAITS = new ConcurrentHashMap<>();

  private BlockingWaits() {}

  /**
   * The calling thread is about to wait for a task.
   *
   * @return true if that was noted, and {@link #end} is to be called
   */
  public static boolean begin(Task<?> task) {
    if (task.isDone()
        || !(Thread.currentThread() instanceof CarrierThread thread)
        || WAITS.putIfAbsent(Thread.currentThread(), task) != null) {
      return false;
    }
    thread.carrier().onBlockingWait(task);
    return true;
  }

  /** It no longer waits. */
  public static void end() {
    WAITS.remove(Thread.currentThread());
  }

  /** What a thread waits for; null if that is no task. */
  public static @Nullable Task<?> of(Thread thread) {
    return WAITS.get(thread);
  }
}
