package dev.weft.dump;

import dev.weft.frame.Standing;

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
  RUNNING("running"),
  /** It could go on, and waits for a thread. */
  QUEUED("queued"),
  /** It waits for something. */
  SUSPENDED("suspended"),
  /** It has ended since it was found. */
  ENDED("ended");

  private final String word;

  TaskState(String word) {
    this.word = word;
  }

  /** In reports. */
  String word() {
    return word;
  }

  static TaskState of(Standing.State state) {
    return switch (state) {
      case RUNNING -> RUNNING;
      case QUEUED -> QUEUED;
      case SUSPENDED -> SUSPENDED;
      case ENDED -> ENDED;
    };
  }
}
