package dev.weft.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/**
 * A worker has taken frames from another one of its executor. On the thief's thread. Of the task,
 * the first that it has taken and polls next.
 */
@Name("dev.weft.Steal")
@Label("Steal")
@Description("A worker without work has taken some of another worker's")
@Category("Weft")
@Enabled(false)
@StackTrace(false)
public final class Steal extends Event {
  private static final Steal WANTED = new Steal();

  @Label("Task Id")
  @Description("Task.id() of the task; 0 for a call that belongs to none")
  long taskId;

  @Label("Task Name")
  @Description("The name that the task was spawned with, if it has one")
  @Nullable String taskName;

  @Label("From Worker")
  @Description("The number of the worker that had them, of the same executor")
  int from;

  @Label("Taken")
  @Description("How many calls were taken at once")
  int taken;

  private Steal() {}

  /** True if a recording wants it. */
  public static boolean isWanted() {
    return WANTED.isEnabled();
  }

  /** See the fields. */
  public static void emit(long taskId, @Nullable String taskName, int from, int taken) {
    Steal event = new Steal();
    event.taskId = taskId;
    event.taskName = taskName;
    event.from = from;
    event.taken = taken;
    event.commit();
  }
}
