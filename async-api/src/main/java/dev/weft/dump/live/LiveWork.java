package dev.weft.dump.live;

import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.frame.Frame;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * What is alive on one executor. All of it can be asked from any thread, also while none of the
 * executor's own gets on; it stops none of them.
 */
public interface LiveWork {
  /** What an executor is. */
  enum Kind {
    WORK_STEALING("work-stealing"),
    NODE("node"),
    /** Somebody else's, behind an adapter. */
    OTHER("other");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /** For reports. */
    public String word() {
      return word;
    }
  }

  /** Whose it is. */
  AsyncExecutor executor();

  /** True when the executor has ended, and nothing can be alive. */
  boolean isOver();

  /** For people. */
  String name();

  /** What it is. */
  Kind kind();

  /** How many threads poll; 0 if nobody knows. */
  int workers();

  /** True if somebody takes samples of what is polled. */
  boolean samplesPolls();

  /**
   * Has a look at each task, each call that nobody awaits, and each blocking call. Those that are
   * there from the beginning to the end are visited, and others may be; a call perhaps twice. No
   * lock is held meanwhile, and no list is made of all.
   */
  void forEach(Consumer<? super Task<?>> visitor);

  /** Which thread polls which frame now. */
  void forEachPolled(BiConsumer<? super Thread, ? super Frame<?>> visitor);
}
