package dev.weft.dump;

import dev.weft.dump.live.LiveExecutors;
import dev.weft.dump.live.LiveWork;
import dev.weft.frame.Frame;
import dev.weft.frame.Standing;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which threads run which tasks, as of now. */
final class Polled {
  private Polled() {}

  /** The thread that runs a task, which may have moved to another executor; null if none does. */
  static @Nullable Thread threadOf(Frame<?> task) {
    Thread[] found = new Thread[1];
    for (LiveWork work : LiveExecutors.all()) {
      work.forEachPolled(
          (thread, frame) -> {
            if (Standing.taskAround(frame) == task) {
              found[0] = thread;
            }
          });
    }
    return found[0];
  }

  /** What that does, without what executors do; empty if it has gone on to something else. */
  static List<StackTraceElement> stackOf(Frame<?> task, Thread thread) {
    List<StackTraceElement> stack = Standing.stackOf(thread);
    return threadOf(task) == thread ? stack : List.of();
  }
}
