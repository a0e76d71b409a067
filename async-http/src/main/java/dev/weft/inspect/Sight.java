package dev.weft.inspect;

import dev.weft.AsyncExecutor;
import dev.weft.AsyncStackTrace;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One task or call as it is looked at. Each answer is found when it is asked for, so that a scan
 * pays for no text that nobody reads.
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
  long UNKNOWN = -1;

  AsyncExecutor executor();

  String key();

  @Nullable String name();

  String origin();

  State state();

  /** The innermost line of an await; null if that is not known. */
  @Nullable StackTraceElement site();

  @Nullable String waitsFor();

  /** That polls it. */
  @Nullable Thread thread();

  long ageNanos();

  long stateNanos();

  long polls();

  /** For how long it has kept threads; {@link #UNKNOWN} if nobody takes samples. */
  long busyNanos();

  @Nullable String awaitedBy();

  @Nullable String awaits();

  AsyncStackTrace stack();

  Map<String, String> locals();
}
