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
 * A call of an async method goes on. On the thread that is about to run it, which need not be that
 * on which it was suspended.
 */
@Name("dev.weft.Resume")
@Label("Task Resumed")
@Description("A method goes on behind an await that it has waited at")
@Category("Weft")
@Enabled(false)
@StackTrace(false)
public final class Resume extends Event {
  private static final Resume WANTED = new Resume();

  @Label("Task Id")
  @Description("Task.id() of the task; 0 for a call that belongs to none")
  long taskId;

  @Label("Task Name")
  @Description("The name that the task was spawned with, if it has one")
  @Nullable String taskName;

  @Label("Call")
  @Description("Tells calls of async methods from each other: the hash of their identity")
  int call;

  @Label("Await Site")
  @Description("Where it has waited: class, method, file and line")
  @Nullable String awaitSite;

  private Resume() {}

  /** True if a recording wants it. */
  public static boolean isWanted() {
    return WANTED.isEnabled();
  }

  /** See the fields. */
  public static void emit(
      long taskId, @Nullable String taskName, int call, @Nullable String awaitSite) {
    Resume event = new Resume();
    event.taskId = taskId;
    event.taskName = taskName;
    event.call = call;
    event.awaitSite = awaitSite;
    event.commit();
  }
}
