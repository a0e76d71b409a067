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
 * The body of a task has ended. On the thread that has polled it last, before those who await it
 * are woken.
 */
@Name("dev.weft.TaskEnd")
@Label("Task Ended")
@Description("The body of a task has run to its end, clean-up included")
@Category("Weft")
@Enabled(false)
@StackTrace(false)
public final class TaskEnd extends Event {
  private static final TaskEnd WANTED = new TaskEnd();

  @Label("Task Id")
  @Description("Task.id() of the task")
  long taskId;

  @Label("Task Name")
  @Description("The name that the task was spawned with, if it has one")
  @Nullable String taskName;

  @Label("Outcome")
  @Description("completed, failed or cancelled")
  @Nullable String outcome;

  private TaskEnd() {}

  /** True if a recording wants it. */
  public static boolean isWanted() {
    return WANTED.isEnabled();
  }

  /** See the fields. */
  public static void emit(long taskId, @Nullable String taskName, String outcome) {
    TaskEnd event = new TaskEnd();
    event.taskId = taskId;
    event.taskName = taskName;
    event.outcome = outcome;
    event.commit();
  }
}
