package dev.weft;

import dev.weft.log.LimitedLog;
import dev.weft.log.LogQueue;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.Thread.UncaughtExceptionHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * What a command throws that was given to {@code execute}. It goes to the thread's handler, as with
 * the JDK's executors, and where the application has set none, to {@code System.err}: but not by
 * the worker, which would wait for whoever reads that, and one a second of each class.
 */
final class UncaughtErrors {
  private static final LimitedLog STANDARD_ERROR =
      new LimitedLog(LogQueue.shared(), UncaughtErrors::print);

  private UncaughtErrors() {}

  /** On the thread on which it was thrown. */
  static void report(Throwable error) {
    Thread thread = Thread.currentThread();
    UncaughtExceptionHandler handler = thread.getUncaughtExceptionHandler();
    if (prints(handler)) {
      STANDARD_ERROR.error("Exception in thread \"{}\"", thread.getName(), error);
    } else {
      handler.uncaughtException(thread, error);
    }
  }

  /** True if nobody has set any handler, nor made a thread group that is one. */
  private static boolean prints(UncaughtExceptionHandler handler) {
    if (!(handler instanceof ThreadGroup group)
        || Thread.getDefaultUncaughtExceptionHandler() != null) {
      return false;
    }
    ThreadGroup plain = group;
    while (plain != null && plain.getClass() == ThreadGroup.class) {
      plain = plain.getParent();
    }
    return plain == null;
  }

  private static void print(Level level, String line, @Nullable Throwable error) {
    StringWriter text = new StringWriter();
    PrintWriter writer = new PrintWriter(text);
    writer.print(line);
    if (error == null) {
      writer.println();
    } else {
      writer.print(" ");
      error.printStackTrace(writer);
    }
    System.err.print(text);
  }
}
