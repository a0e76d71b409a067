package dev.weft.dump;

import dev.weft.dump.live.LiveWork;
import dev.weft.frame.Frame;
import dev.weft.frame.Standing;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/** Which threads of an executor run which of its tasks, at one look. */
final class Polled {
  private final IdentityHashMap<Frame<?>, Thread> threads = new IdentityHashMap<>();

  private Polled() {}

  static Polled of(LiveWork work) {
    Polled polled = new Polled();
    work.forEachPolled((thread, frame) -> polled.threads.put(Standing.taskAround(frame), thread));
    return polled;
  }

  /** The thread that runs a task; null if none does. */
  @Nullable Thread threadOf(Frame<?> task) {
    return threads.get(task);
  }
}
