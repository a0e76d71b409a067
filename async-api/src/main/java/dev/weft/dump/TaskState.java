package dev.weft.dump;

import dev.weft.frame.Standing;
import java.util.Locale;

/**
 * What a task does at one moment.
 *
 * <pre>{@code
 * TaskDump.ofAll().forEach(entry -> {
 *   if (entry.state() == TaskState.QUEUED) {
 *     System.out.println(entry.key() + " waits for a thread");
 *   }
 * });
 * }</pre>
 */
public enum TaskState {
  /** A thread runs it. */
  RUNNING,
  /** It could go on, and waits for a thread. */
  QUEUED,
  /** It waits for something. */
  SUSPENDED,
  /** It has ended since it was found. */
  ENDED;

  /** In reports. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static TaskState of(Standing.State state) {
    return valueOf(state.name());
  }
}
