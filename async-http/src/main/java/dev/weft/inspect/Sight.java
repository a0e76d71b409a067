package dev.weft.inspect;

import dev.weft.AsyncExecutor;
import dev.weft.AsyncStackTrace;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One task or call as it is looked at. Each answer is found when it is asked for, so that a scan
 * pays for no text that nobody reads. It holds the task, so it is for the time of a visit.
 */
interface Sight {
  /** What it does. The order is that of the page. */
  enum State {
    RUNNING(0),
    QUEUED(1),
    SUSPENDED(2),
    ENDED(3);

    /** How many there are. */
    static final int NUMBER = values().length;

    /** Its place in counts by state. */
    final int index;

    State(int index) {
      this.index = index;
    }
  }

  /** Stands for a time that is not known. */
  long UNKNOWN = -1L;

  AsyncExecutor executor();

  /** Tells it from all others, as {@link #key} does: what stands in a column. */
  long number();

  String key();

  @Nullable String name();

  String origin();

  State state();

  /** The innermost line of an await; null if that is not known. */
  @Nullable StackTraceElement site();

  @Nullable String waitsFor();

  /** The name of the thread that polls it. */
  @Nullable String thread();

  /** Of that thread, the innermost first, without what executors do. */
  List<StackTraceElement> javaStack();

  /** {@link #UNKNOWN} for what was not spawned. */
  long ageMillis();

  /** {@link #UNKNOWN} for a blocking call. */
  long stateMillis();

  long polls();

  /** For how long it has kept threads; {@link #UNKNOWN} if nobody takes samples. */
  long busyMillis();

  @Nullable String awaitedBy();

  @Nullable String awaits();

  AsyncStackTrace stack();

  Map<String, String> locals();
}
