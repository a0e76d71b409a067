package dev.weft.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import org.jspecify.annotations.Nullable;

/**
 * A worker, or the thread of an event loop, has slept: up to when it had something to do, so
 * without the handling of the I/O that has woken it. On its thread.
 */
@Name("dev.weft.Park")
@Label("Worker Park")
@Description("A thread of an executor had nothing to do and has waited for work")
@Category("Weft")
@Threshold("20 ms")
@StackTrace(false)
public final class Park extends Event {
  private static final Park WANTED = new Park();

  @Label("In I/O Loop")
  @Description("True if it has slept in an I/O loop that it holds")
  boolean inLoop;

  private Park() {}

  /** Begins one; null if no recording wants any. */
  public static @Nullable Park beginIfWanted() {
    if (!WANTED.isEnabled()) {
      return null;
    }
    Park event = new Park();
    event.begin();
    return event;
  }

  /** The thread is awake. */
  public void emit(boolean loop) {
    end();
    if (shouldCommit()) {
      inLoop = loop;
      commit();
    }
  }
}
