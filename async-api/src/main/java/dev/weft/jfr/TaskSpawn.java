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
 * A task was spawned. On the thread that has spawned it, before anybody can poll it. Its stack, if
 * it is recorded, is that of the spawn.
 */
@Name("dev.weft.TaskSpawn")
@Label("Task Spawned")
@Description("A task was spawned, and is about to be queued for the first time")
@Category("Weft")
@Enabled(false)
@StackTrace(false)
public final class TaskSpawn extends Event {
  private static final TaskSpawn WANTED = new TaskSpawn();

  @Label("Task Id")
  @Description("Task.id() of the task")
  long taskId;

  @Label("Task Name")
  @Description("The name that the task was spawned with, if it has one")
  @Nullable String taskName;

  @Label("Description")
  @Description("The name, if there is one, and the class whose code the task is")
  @Nullable String description;

  @Label("Spawned By")
  @Description("Task.id() of the task that was running; 0 for none")
  long spawnedBy;

  private TaskSpawn() {}

  /** True if a recording wants it. */
  public static boolean isWanted() {
    return WANTED.isEnabled();
  }

  /** See the fields. */
  public static void emit(
      long taskId, @Nullable String taskName, String description, long spawnedBy) {
    TaskSpawn event = new TaskSpawn();
    event.taskId = taskId;
    event.taskName = taskName;
    event.description = description;
    event.spawnedBy = spawnedBy;
    event.commit();
  }
}
