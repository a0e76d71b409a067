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
 * A call of an async method is about to be given up at an await. On the thread that has run it,
 * before anybody can resume it.
 */
@Name("dev.weft.Suspend")
@Label("Task Suspended")
@Description("A method has come to an await that it has to wait at")
@Category("Weft")
@Enabled(false)
@StackTrace(false)
public final class Suspend extends Event {
  private static final Suspend WANTED = new Suspend();

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
  @Description("Where it waits: class, method, file and line")
  @Nullable String awaitSite;

  @Label("Awaited")
  @Description("The class of what is awaited")
  @Nullable Class<?> awaited;

  private Suspend() {}

  /** True if a recording wants it. */
  public static boolean isWanted() {
    return WANTED.isEnabled();
  }

  /** See the fields. */
  public static void emit(
      long taskId,
      @Nullable String taskName,
      int call,
      @Nullable String awaitSite,
      Class<?> awaited) {
    Suspend event = new Suspend();
    event.taskId = taskId;
    event.taskName = taskName;
    event.call = call;
    event.awaitSite = awaitSite;
    event.awaited = awaited;
    event.commit();
  }
}
