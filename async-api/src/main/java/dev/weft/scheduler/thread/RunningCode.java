package dev.weft.scheduler.thread;

import org.jspecify.annotations.Nullable;

/** Finds the line of the program that a thread is at: the first that is not the JDK's. */
public final class RunningCode {
  private RunningCode() {}

  /** For people; null if there is no thread, or it is not in the program. */
  public static @Nullable String of(@Nullable Thread thread) {
    if (thread == null) {
      return null;
    }
    for (StackTraceElement element : thread.getStackTrace()) {
      String type = element.getClassName();
      if (!type.startsWith("java.") && !type.startsWith("jdk.") && !type.startsWith("sun.")) {
        return "running at " + element;
      }
    }
    return null;
  }
}
