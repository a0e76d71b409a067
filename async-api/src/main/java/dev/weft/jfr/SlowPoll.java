package dev.weft.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/**
 * A poll that the executor's monitor has found to last too long. On the monitor's thread, while the
 * poll may still be under way: {@link #worker} is the one that it keeps.
 */
@Name("dev.weft.SlowPoll")
@Label("Slow Poll")
@Description("A poll of a task lasts so long that other tasks have to wait")
@Category("Weft")
@StackTrace(false)
public final class SlowPoll extends Event {
  private static final SlowPoll WANTED = new SlowPoll();

  @Label("Task Id")
  @Description("Task.id() of the task")
  long taskId;

  @Label("Task Name")
  @Description("The name that the task was spawned with, if it has one")
  @Nullable String taskName;

  @Label("Description")
  @Description("The name, if there is one, and the class whose code the task is")
  @Nullable String description;

  @Label("Await Site")
  @Description("The await behind which the poll has begun; none in the first poll of a task")
  @Nullable String awaitSite;

  @Label("Spawn Site")
  @Description("Where the task was spawned, if that is known")
  @Nullable String spawnSite;

  @Label("Poll Time")
  @Description("How long the poll has lasted so far")
  @Timespan(Timespan.NANOSECONDS)
  long pollTime;

  @Label("Worker")
  @Description("The thread that polls")
  @Nullable Thread worker;

  @Label("Blocking Call")
  @Description("The call by which the task blocks its worker, if it is known to be one")
  @Nullable String blockingCall;

  private SlowPoll() {}

  /**
   * See the fields. To be called if {@link FlightSwitch#isOn}.
   *
   * @param pollNanos how long the poll has lasted so far
   */
  public static void emit(
      long taskId,
      @Nullable String taskName,
      String description,
      @Nullable String awaitSite,
      @Nullable String spawnSite,
      long pollNanos,
      Thread worker,
      @Nullable String blockingCall) {
    if (WANTED.isEnabled()) {
      SlowPoll event = new SlowPoll();
      event.taskId = taskId;
      event.taskName = taskName;
      event.description = description;
      event.awaitSite = awaitSite;
      event.spawnSite = spawnSite;
      event.pollTime = pollNanos;
      event.worker = worker;
      event.blockingCall = blockingCall;
      event.commit();
    }
  }
}
