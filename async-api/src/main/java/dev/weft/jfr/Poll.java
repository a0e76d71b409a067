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
 * A poll of a task, from when its executor has taken it out of a queue to when it has suspended or
 * ended. On the thread that has polled it.
 *
 * <p>To be begun before the poll; the task is asked for then as well, because the frame is somebody
 * else's when the poll is over.
 */
@Name("dev.weft.Poll")
@Label("Task Poll")
@Description("A task was polled: it has run from one suspension to the next, on one thread")
@Category("Weft")
@Threshold("10 ms")
@StackTrace(false)
public final class Poll extends Event {
  private static final Poll WANTED = new Poll();

  @Label("Task Id")
  @Description("Task.id() of the task; 0 for a call that belongs to none")
  long taskId;

  @Label("Task Name")
  @Description("The name that the task was spawned with, if it has one")
  @Nullable String taskName;

  @Label("Await Site")
  @Description("The await behind which the poll has begun; none in the first poll of a task")
  @Nullable String awaitSite;

  private Poll() {}

  /** Begins one; null if no recording wants any. */
  public static @Nullable Poll beginIfWanted() {
    if (!WANTED.isEnabled()) {
      return null;
    }
    Poll event = new Poll();
    event.begin();
    return event;
  }

  /** The poll is over; true if it was long enough to be told of. */
  public boolean endsWanted() {
    end();
    return shouldCommit();
  }

  /** See the fields. */
  public void emit(long task, @Nullable String name, @Nullable String site) {
    taskId = task;
    taskName = name;
    awaitSite = site;
    commit();
  }
}
