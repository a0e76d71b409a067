package dev.weft.dump.live;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The executors that live, in the order in which they were made. Weakly: one behind an adapter need
 * not be closed, and goes when nobody has it any more. One that has threads is held by those.
 */
public final class LiveExecutors {
  /** Few, and seldom changed. */
  private static final List<WeakReference<LiveWork>> ALL = new CopyOnWriteArrayList<>();

  private LiveExecutors() {}

  /** Enters one, when it begins. */
  public static void add(LiveWork work) {
    ALL.removeIf(reference -> !isAlive(reference.get()));
    ALL.add(new WeakReference<>(work));
  }

  private static boolean isAlive(@Nullable LiveWork work) {
    return work != null && !work.isOver();
  }

  /** Those that have not ended. */
  public static List<LiveWork> all() {
    List<LiveWork> alive = new ArrayList<>();
    for (WeakReference<LiveWork> reference : ALL) {
      LiveWork work = reference.get();
      if (work != null && !work.isOver()) {
        alive.add(work);
      }
    }
    return alive;
  }
}
